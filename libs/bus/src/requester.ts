import {
  AppError,
  INTERNAL,
  type InputOf,
  newId,
  type OutputOf,
  type Principal,
  type RequestContract,
} from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { Msg } from '@nats-io/transport-node';
import type { Connection } from './connection.ts';
import { deadlineExceeded, decodeError } from './error-envelope.ts';
import type { PrincipalSigner } from './principal-token.ts';
import type { RequestMux } from './request-mux.ts';
import { parseJson } from './safe-json.ts';
import { callHeaders, hasHeaders } from './wire-headers.ts';

export interface RequestOptions {
  /** Milliseconds to wait for the answer; never longer than the call this one is part of. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** On whose behalf. Default: the principal of the call this one is part of. */
  readonly principal?: Principal | undefined;
  readonly requestId?: string | undefined;
}

const openingBrace = 0x7b;
const openingBracket = 0x5b;

/** Asks requests of the contracts. */
export class Requester {
  readonly #connection: Connection;
  readonly #mux: RequestMux;
  readonly #signer: PrincipalSigner;
  readonly #defaultDeadlineMs: number;

  constructor(connection: Connection, mux: RequestMux, signer: PrincipalSigner, defaultDeadlineMs: number) {
    this.#connection = connection;
    this.#mux = mux;
    this.#signer = signer;
    this.#defaultDeadlineMs = defaultDeadlineMs;
  }

  async request<C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    options: RequestOptions,
  ): Promise<OutputOf<C>> {
    const reply = await this.#ask(contract, input, options);
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
    const { data } = await this.#ask(contract, input, options);
    if (data[0] === openingBrace || data[0] === openingBracket) return data;
    throw senseless(contract);
  }

  async #ask(contract: RequestContract, input: unknown, options: RequestOptions): Promise<Msg> {
    this.#connection.assertConnected();
    const context = currentContext();
    let deadlineMs = options.deadlineMs ?? this.#defaultDeadlineMs;
    if (context?.deadlineAt !== undefined) deadlineMs = Math.min(deadlineMs, context.deadlineAt - Date.now());
    if (deadlineMs <= 0) throw deadlineExceeded(`No time was left to ask ${contract.subject}`);
    const reply = await this.#mux.ask(contract.subject, JSON.stringify(input), {
      deadlineMs,
      repeatable: contract.repeatable,
      signal: options.signal,
      headers: callHeaders({
        requestId: options.requestId ?? context?.requestId ?? newId('request'),
        traceparent: context?.traceparent,
        deadlineMs,
        principalToken: options.principal ? this.#signer.sign(options.principal) : context?.principalToken,
      }),
    });
    // Only error replies have headers.
    if (hasHeaders(reply)) throw decodeError(reply.data);
    return reply;
  }
}

const senseless = (contract: RequestContract, cause?: unknown): AppError =>
  new AppError(INTERNAL, { detail: `The answer to ${contract.subject} makes no sense`, cause });
