import { Bus, reportFaultsTo } from '@gridworks/bus';
import { AppError, type RequestContract, UNAUTHENTICATED, UNAVAILABLE } from '@gridworks/contracts';
import { runInContext } from '@gridworks/observability';
import { processEnvironment } from '@gridworks/resilience';
import { Injectable } from '@nestjs/common';
import type { PublicCall, PublicRequest } from './public-call.ts';

interface Waiting {
  readonly call: PublicCall;
  readonly contract: RequestContract;
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
    return new Promise((resolve) => {
      if (this.#waiting.push({ call, contract, resolve }) === 1) setImmediate(this.#sendAll);
    });
  }

  readonly #sendAll = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { call, contract, resolve } of waiting) resolve(this.#send(call, contract));
  };

  #send(call: PublicCall, contract: RequestContract): Promise<string> {
    const context = {
      requestId: call.requestId,
      traceparent: call.traceparent,
      deadlineAt: call.deadlineAt,
      principal: call.caller?.principal,
      idempotencyKey: call.idempotencyKey,
    };
    // The route's own deadline: without it the bus would give up after its usual two seconds.
    const options = { deadlineMs: call.deadlineAt - Date.now() };
    const response = runInContext(context, () => this.bus.forward(contract, call.input, options));
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

/**
 * Returns text, since Node writes the head and a text body at once, but the head and a buffer separately,
 * which costs a fifth of a call.
 */
function textOf(json: Uint8Array): string {
  return Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
}
