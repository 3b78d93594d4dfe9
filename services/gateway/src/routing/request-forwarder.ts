import { Bus, reportFaultsTo } from '@gridworks/bus';
import {
  AppError,
  auditedAs,
  type RequestContract,
  UNAUTHENTICATED,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { type CallOrigin, runInContext } from '@gridworks/observability';
import { processEnvironment } from '@gridworks/resilience';
import { coarseNetwork } from '@gridworks/runtime';
import { Injectable } from '@nestjs/common';
import type { PublicCall, PublicRequest } from './public-call.ts';

interface Waiting {
  readonly call: PublicCall;
  readonly contract: RequestContract;
  readonly input: unknown;
  readonly origin: CallOrigin | undefined;
  resolve(response: Promise<string>): void;
}

const REFUSED_RETRY_MS = 5000;

/**
 * Forwards calls to the services that own their contracts. Calls that arrive in the same turn of the event
 * loop are sent together: the bus writes them to its socket in one write. Writing to sockets is the most
 * expensive work of this process.
 */
@Injectable()
export class RequestForwarder {
  #waiting: Waiting[] = [];
  readonly #report = reportFaultsTo(processEnvironment);

  constructor(readonly bus: Bus) {}

  /**
   * Returns the JSON of the response, neither parsed nor changed. Rejects with the service's error, or with
   * an error about its absence.
   */
  forward(request: PublicRequest): Promise<string> {
    const { call } = request;
    const contract = call?.route?.contract;
    if (!call?.route || !contract) throw new Error('this route forwards nothing');
    return this.ask(request, contract, call.input);
  }

  /**
   * Sends a request for a call whose address is a page of the gateway, on behalf of its caller. Returns and rejects like
   * `forward`. The input is checked by the sender.
   */
  ask(request: PublicRequest, contract: RequestContract, input: unknown): Promise<string> {
    const { call } = request;
    if (!call) throw new Error('this request is no call');
    const isAudited = auditedAs(contract) !== null || call.caller?.principal.impersonator !== undefined;
    const origin = isAudited ? originOf(request, call) : undefined;
    return new Promise((resolve) => {
      if (this.#waiting.push({ call, contract, input, origin, resolve }) === 1) setImmediate(this.#sendAll);
    });
  }

  readonly #sendAll = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, ...each } of waiting) resolve(this.#send(each));
  };

  #send({ call, contract, input, origin }: Omit<Waiting, 'resolve'>): Promise<string> {
    const context = {
      requestId: call.requestId,
      traceparent: call.traceparent,
      deadlineAt: call.deadlineAt,
      principal: call.caller?.principal,
      idempotencyKey: call.idempotencyKey,
      ...(origin && { origin }),
    };
    // The route's own deadline: without it the bus would give up after its usual two seconds.
    const options = { deadlineMs: call.deadlineAt - Date.now() };
    const response = runInContext(context, () => this.bus.forward(contract, input, options));
    return response.then(textOf, (error: unknown) => this.#refused(contract, error));
  }

  /**
   * The gateway has signed the principal: a service that refuses it is a fault of the portal, not of the
   * caller.
   */
  #refused({ owner }: RequestContract, error: unknown): never {
    if (!(error instanceof AppError) || error.code !== UNAUTHENTICATED.code) throw error;
    this.#report(
      `gateway.rpc.${owner}`,
      new Error(`${owner} refused the principal: ${error.message}`, { cause: error }),
    );
    throw new AppError(UNAVAILABLE, { retryAfterMs: REFUSED_RETRY_MS, cause: error });
  }
}

const MAX_USER_AGENT = 300;

/** What the audit log keeps of the caller's address and program. */
function originOf(request: PublicRequest, { address }: PublicCall): CallOrigin {
  return {
    network: coarseNetwork(address) ?? undefined,
    userAgent: request.raw.headers['user-agent']?.slice(0, MAX_USER_AGENT),
  };
}

/**
 * Returns text, since Node writes the head and a text body at once, but the head and a buffer separately,
 * which costs a fifth of a call.
 */
function textOf(json: Uint8Array): string {
  return Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
}
