import type { PlacedSignal } from './abort-argument.ts';
import type { TimedCall } from './deadline-list.ts';

const IDLE = 0;
export const WAITING = 1;
export const RUNNING = 2;
export const GIVEN_UP = 3;
export type CallState = typeof IDLE | typeof WAITING | typeof RUNNING | typeof GIVEN_UP;

/** Receives how a call ended. */
export interface CallEnds {
  ended(call: GuardedCall, value: unknown): void;
  failed(call: GuardedCall, error: unknown): void;
  gaveUp(call: GuardedCall): void;
}

/**
 * One call in flight. The object is reused, with its two callbacks, so that a successful call allocates only
 * its promise and its arguments.
 */
export class GuardedCall implements TimedCall {
  state: CallState = IDLE;
  resolve: (value: unknown) => void = nothing;
  reject: (error: unknown) => void = nothing;
  self: unknown = undefined;
  args: readonly unknown[] = NO_ARGUMENTS;
  /** Fails without healing: the attempt of a strategy. */
  bare = false;
  /** The call holds a ticket of the breaker. */
  trial = false;
  timed = false;
  due = 0;
  previous: TimedCall | null = null;
  next: TimedCall | null = null;
  /** The next in the queue of waiting calls, or the next unused object. */
  behind: GuardedCall | null = null;
  /** `performance.now()` of a sampled call, else 0. */
  startedAt = 0;
  signal: PlacedSignal | null = null;
  readonly onEnd: (value: unknown) => void;
  readonly onFail: (error: unknown) => void;
  readonly #ends: CallEnds;

  constructor(ends: CallEnds) {
    this.#ends = ends;
    this.onEnd = (value) => ends.ended(this, value);
    this.onFail = (error) => ends.failed(this, error);
  }

  /** Clears the object for the next call. */
  clear(): void {
    this.state = IDLE;
    this.self = undefined;
    this.args = NO_ARGUMENTS;
    this.trial = this.timed = false;
    this.startedAt = 0;
    this.signal = null;
    this.resolve = this.reject = nothing;
  }

  giveUp(): void {
    this.#ends.gaveUp(this);
  }
}

const NO_ARGUMENTS: readonly unknown[] = [];
function nothing(): void {}

let opening: GuardedCall | undefined;
function take(resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  const call = opening as GuardedCall;
  call.resolve = resolve;
  call.reject = reject;
}

/** The promise that the call will settle. The executor is shared, so no closure is created. */
export function promiseOf(call: GuardedCall): Promise<unknown> {
  opening = call;
  return new Promise(take);
}
