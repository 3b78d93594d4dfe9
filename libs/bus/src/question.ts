import type { RequestContract } from '@gridworks/contracts';

/** A request on its way, which may be asked more than once. */
export class Question {
  readonly contract: RequestContract;
  readonly body: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly principalToken: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** `performance.now()` at which nobody waits any more. */
  readonly until: number;

  constructor(
    contract: RequestContract,
    body: string,
    requestId: string,
    traceparent: string | undefined,
    principalToken: string | undefined,
    signal: AbortSignal | undefined,
    deadlineMs: number,
  ) {
    this.contract = contract;
    this.body = body;
    this.requestId = requestId;
    this.traceparent = traceparent;
    this.principalToken = principalToken;
    this.signal = signal;
    this.until = performance.now() + deadlineMs;
  }

  /** Milliseconds until nobody waits any more. */
  leftMs(): number {
    return this.until - performance.now();
  }
}
