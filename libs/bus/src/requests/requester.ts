import {
  AppError,
  INTERNAL,
  type InputOf,
  newId,
  type OutputOf,
  type Principal,
  type RequestContract,
  type ServiceName,
} from '@gridworks/contracts';
import { type CallContext, currentContext } from '@gridworks/observability';
import type { HealingEnvironment } from '@gridworks/resilience';
import type { Msg } from '@nats-io/transport-node';
import { BriefOutage } from '../connection/brief-outage.ts';
import type { Connection } from '../connection/connection.ts';
import type { RequestMux } from '../connection/request-mux.ts';
import type { PrincipalSigner } from '../principals/principal-token.ts';
import { deadlineExceeded } from '../wire/error-envelope.ts';
import { parseJson } from '../wire/safe-json.ts';
import { callHeaders } from '../wire/wire-headers.ts';
import { watchLoop } from './loop-clock.ts';
import { PendingRequest } from './pending-request.ts';
import { RequestRoutes, toCallersError } from './request-routes.ts';

export interface RequestOptions {
  /** Milliseconds to wait for the response; never longer than the deadline of the surrounding call. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The principal on whose behalf the request is sent. Default: the principal of the surrounding call. */
  readonly principal?: Principal | undefined;
  readonly requestId?: string | undefined;
  /** For a contract that takes a key. Default: the key of the context. */
  readonly idempotencyKey?: string | undefined;
}

export interface RequesterSettings {
  readonly service: ServiceName;
  readonly connection: Connection;
  readonly mux: RequestMux;
  /** Only the gateway's bus has a signer: other services send requests without a principal. */
  readonly signer: PrincipalSigner | undefined;
  readonly defaultDeadlineMs: number;
  readonly environment: HealingEnvironment;
}

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** Sends the requests of the contracts. */
export class Requester {
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  readonly #signer: PrincipalSigner | undefined;
  readonly #defaultDeadlineMs: number;
  readonly #routes: RequestRoutes;

  constructor(settings: RequesterSettings) {
    this.#connection = settings.connection;
    this.#mux = settings.mux;
    this.#signer = settings.signer;
    this.#defaultDeadlineMs = settings.defaultDeadlineMs;
    watchLoop();
    this.#routes = new RequestRoutes({
      service: settings.service,
      environment: settings.environment,
      outage: new BriefOutage(settings.connection),
      send: (pending) => this.#send(pending),
      trackTaken: (kind) => this.#mux.trackTaken(kind),
    });
    settings.connection.onState((state) => {
      if (state === 'connected') this.#routes.reconnected();
    });
  }

  async request<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions,
  ): Promise<OutputOf<C>> {
    let reply: Msg;
    try {
      reply = await this.#dispatch(contract, input, options);
    } catch (error) {
      throw toCallersError(error);
    }
    let failure: unknown;
    try {
      const output = contract.output.safeParse(parseJson(reply.data));
      if (output.success) return output.data as OutputOf<C>;
      failure = output.error;
    } catch (error) {
      failure = error;
    }
    throw senseless(contract, failure);
  }

  async forward<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions,
  ): Promise<Uint8Array> {
    let reply: Msg;
    try {
      reply = await this.#dispatch(contract, input, options);
    } catch (error) {
      throw toCallersError(error);
    }
    const { data } = reply;
    if (data[0] === OPENING_BRACE || data[0] === OPENING_BRACKET) return data;
    throw senseless(contract);
  }

  #dispatch(contract: RequestContract, input: unknown, options: RequestOptions): Promise<Msg> {
    const context = currentContext();
    let deadlineMs = options.deadlineMs ?? this.#defaultDeadlineMs;
    if (context?.deadlineAt !== undefined) deadlineMs = Math.min(deadlineMs, context.deadlineAt - Date.now());
    if (deadlineMs <= 0) throw deadlineExceeded(`No time was left to request ${contract.subject}`);
    const pending = new PendingRequest(
      contract,
      JSON.stringify(input),
      options.requestId ?? context?.requestId ?? newId('request'),
      context?.traceparent,
      this.#principalOf(contract, options, context),
      options.signal,
      deadlineMs,
      contract.http?.idempotent ? (options.idempotencyKey ?? context?.idempotencyKey) : undefined,
      context?.origin,
    );
    return this.#routes.to(contract, pending.repeatable)(pending);
  }

  /**
   * An internal request carries no principal: an end user's call must not reach further than its permission.
   */
  #principalOf(
    { permission, subject }: RequestContract,
    options: RequestOptions,
    context: CallContext | undefined,
  ): string | undefined {
    if (permission === 'internal' || !this.#signer) return undefined;
    const principal = options.principal ?? (context?.principal as Principal | undefined);
    return principal && this.#signer.sign(principal, subject);
  }

  #send(pending: PendingRequest): Promise<Msg> {
    this.#connection.assertConnected();
    const { contract, requestId, traceparent, principalToken, signal, idempotencyKey, origin } = pending;
    const deadlineMs = pending.nextDeadlineMs();
    return this.#mux.request(contract.subject, pending.body, {
      deadlineMs,
      repeatable: pending.repeatable,
      signal,
      headers: callHeaders({ requestId, traceparent, deadlineMs, principalToken, idempotencyKey, origin }),
    });
  }
}

const senseless = (contract: RequestContract, cause?: unknown): AppError =>
  new AppError(INTERNAL, { detail: `The response to ${contract.subject} does not fit its contract`, cause });
