import type { RequestContract } from '@gridworks/contracts';
import type { CallOrigin } from '@gridworks/observability';
import { lastTurnAt } from './loop-clock.ts';

/** A request on its way, which may be sent more than once. */
export class PendingRequest {
  readonly contract: RequestContract;
  readonly body: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly principalToken: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly idempotencyKey: string | undefined;
  readonly origin: CallOrigin | undefined;
  readonly #deadlineMs: number;
  // Up to a tenth of a second too early, and free: reading the clock costs as much as all other code here.
  readonly #began = lastTurnAt();
  #attempted = false;
  #givenMs = 0;

  constructor(
    contract: RequestContract,
    body: string,
    requestId: string,
    traceparent: string | undefined,
    principalToken: string | undefined,
    signal: AbortSignal | undefined,
    deadlineMs: number,
    idempotencyKey: string | undefined,
    origin: CallOrigin | undefined,
  ) {
    this.contract = contract;
    this.body = body;
    this.requestId = requestId;
    this.traceparent = traceparent;
    this.principalToken = principalToken;
    this.signal = signal;
    this.#deadlineMs = deadlineMs;
    this.idempotencyKey = idempotencyKey;
    this.origin = origin;
  }

  /**
   * Sending the request twice has the same effect as sending it once, so a lost response may be requested
   * again.
   */
  get repeatable(): boolean {
    return this.contract.repeatable || this.idempotencyKey !== undefined;
  }

  /**
   * Milliseconds until the caller stops waiting, or up to 100 less, so that no repeat outlives its caller.
   */
  leftMs(): number {
    return this.#deadlineMs - (performance.now() - this.#began);
  }

  /**
   * The time left for the attempt that starts now, at least 1 ms. The first attempt does not read the clock.
   */
  nextDeadlineMs(): number {
    this.#givenMs = this.#attempted ? Math.max(1, this.leftMs()) : this.#deadlineMs;
    this.#attempted = true;
    return this.#givenMs;
  }

  /** How long the last attempt waited without a response, in milliseconds. */
  get givenMs(): number {
    return this.#givenMs;
  }
}
