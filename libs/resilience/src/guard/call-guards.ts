import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import {
  BulkheadFullError,
  CircuitOpenError,
  DeadlineExceededError,
  RateLimitError,
  withoutStack,
} from '../common/resilience.errors.ts';
import type { SiteStats } from '../common/site-stats.ts';
import { concernsDependency } from '../common/write-safety.ts';
import { placeSignal } from './abort-argument.ts';
import { DeadlineList } from './deadline-list.ts';
import type { GuardSettings } from './guard-settings.ts';
import { type CallEnds, GIVEN_UP, GuardedCall, promiseOf, RUNNING, WAITING } from './guarded-call.ts';
import { WaitingLine } from './waiting-line.ts';

/**
 * Ended calls that are kept for reuse. More than ever run at once in normal operation; further ones, as after
 * a storm, are released.
 */
const KEPT = 256;

/** Breaker, bulkhead, rate limit and deadline of one call site, in one pass over each call. */
export class CallGuards implements CallEnds {
  active = 0;
  waiting = 0;
  readonly #settings: GuardSettings;
  readonly #fn: GuardSettings['fn'];
  readonly #breaker: CircuitBreaker | null;
  readonly #limit: number;
  readonly #deadlines: DeadlineList | null;
  readonly #stats: SiteStats;
  readonly #keep: GuardSettings['keep'];
  #free: GuardedCall | null = null;
  #freeCount = 0;
  readonly #line = new WaitingLine();

  constructor(settings: GuardSettings) {
    this.#settings = settings;
    this.#fn = settings.fn;
    this.#breaker = settings.breaker;
    this.#limit = settings.limit;
    this.#deadlines = settings.attemptMs === null ? null : new DeadlineList(settings.attemptMs);
    this.#stats = settings.stats;
    this.#keep = settings.keep;
    settings.stats.watch(this);
  }

  /** `bare`: a failure is thrown unchanged, without healing. */
  call(self: unknown, args: readonly unknown[], bare: boolean): Promise<unknown> {
    let call = this.#free;
    if (call === null) call = new GuardedCall(this);
    else {
      this.#free = call.behind;
      this.#freeCount--;
    }
    call.self = self;
    call.args = args;
    call.bare = bare;
    const promise = promiseOf(call);
    if (this.#settings.rateLimiter !== null && !this.#withinRate(call)) return promise;
    if (this.#breaker !== null && !this.#breaker.closed) this.#admitByBreaker(call);
    else if (this.active >= this.#limit) this.#wait(call);
    else this.#run(call);
    return promise;
  }

  ended(call: GuardedCall, value: unknown): void {
    if (call.state === GIVEN_UP) {
      this.#stats.late++;
      return;
    }
    if (this.#breaker !== null) this.#breaker.succeeded(call.trial);
    this.#untime(call);
    if (this.#line.empty) this.active--;
    else this.#freePlace();
    const stats = this.#stats;
    stats.succeeded++;
    if (call.startedAt !== 0) stats.latency.record(performance.now() - call.startedAt);
    if (this.#keep !== null) this.#keep(call.args, value);
    const { resolve } = call;
    this.#recycle(call);
    resolve(value);
  }

  failed(call: GuardedCall, error: unknown): void {
    if (call.state === GIVEN_UP) {
      this.#stats.late++;
      return;
    }
    if (this.#settings.isBusinessError(error)) {
      this.#responded(call, error);
      return;
    }
    const elapsed = call.timed ? (this.#deadlines as DeadlineList).elapsed(call) : 0;
    this.#untime(call);
    this.#settleFailed(call, error, elapsed, true);
    this.#recycle(call);
  }

  #responded(call: GuardedCall, error: unknown): void {
    if (this.#breaker !== null) this.#breaker.succeeded(call.trial);
    this.#untime(call);
    this.#freePlace();
    this.#stats.succeeded++;
    const { reject } = call;
    this.#recycle(call);
    reject(error);
  }

  gaveUp(call: GuardedCall): void {
    const { source, attemptMs } = this.#settings;
    const wasWaiting = call.state === WAITING;
    call.state = GIVEN_UP;
    call.timed = false;
    this.#stats.timedOut++;
    if (wasWaiting) {
      this.waiting--;
      const error = new BulkheadFullError(source, `no place became free within ${attemptMs} ms`);
      this.#settleFailed(call, error, attemptMs ?? 0, false);
      return;
    }
    const error = new DeadlineExceededError(source, attemptMs ?? 0);
    call.signal?.abort(error);
    call.signal?.release();
    this.#settleFailed(call, error, attemptMs ?? 0, true);
  }

  #run(call: GuardedCall): void {
    this.active++;
    call.state = RUNNING;
    if (this.#deadlines !== null && !call.timed) {
      call.timed = true;
      this.#deadlines.add(call);
    }
    if ((this.#stats.calls & 63) === 0) call.startedAt = performance.now();
    let args = call.args;
    let promise: PromiseLike<unknown>;
    try {
      if (this.#settings.signal !== null) {
        call.signal = placeSignal(this.#settings.signal, args);
        args = call.signal.args;
      }
      promise = this.#fn.apply(call.self, args as never[]);
    } catch (error) {
      this.failed(call, error);
      return;
    }
    if (promise instanceof Promise) promise.then(call.onEnd, call.onFail);
    else Promise.resolve(promise).then(call.onEnd, call.onFail);
  }

  #withinRate(call: GuardedCall): boolean {
    const ms = this.#settings.rateLimiter?.take() ?? 0;
    if (ms === 0) return true;
    this.#refuse(
      call,
      withoutStack(() => new RateLimitError(this.#settings.source, ms)),
    );
    return false;
  }

  #admitByBreaker(call: GuardedCall): void {
    const breaker = this.#breaker as CircuitBreaker;
    const ticket = breaker.admit();
    if (ticket === null) {
      this.#refuseOpen(call);
      return;
    }
    call.trial = true;
    if (ticket.ready === null) {
      this.#enter(call);
      return;
    }
    this.#pause(call);
    void ticket.ready.then(() => {
      if (call.state === GIVEN_UP) return;
      this.waiting--;
      this.#enter(call);
    });
  }

  #enter(call: GuardedCall): void {
    if (this.active >= this.#limit) this.#wait(call);
    else this.#run(call);
  }

  #wait(call: GuardedCall): void {
    const { queue, source } = this.#settings;
    if (this.waiting >= queue) {
      const reason = `${this.#limit} calls run and ${queue} wait already`;
      this.#refuse(
        call,
        withoutStack(() => new BulkheadFullError(source, reason)),
      );
      return;
    }
    this.#pause(call);
    this.#line.push(call);
  }

  #pause(call: GuardedCall): void {
    call.state = WAITING;
    this.waiting++;
    if (this.#deadlines === null || call.timed) return;
    call.timed = true;
    this.#deadlines.add(call);
  }

  /** The next waiting call takes the place, unless its time is over, or the breaker has opened meanwhile. */
  #freePlace(): void {
    this.active--;
    while (this.active < this.#limit) {
      const call = this.#line.shift();
      if (call === null) return;
      if (call.state === GIVEN_UP) continue;
      // The next sweep of the deadlines gives it up.
      if (call.due !== 0 && call.due <= performance.now()) continue;
      this.waiting--;
      if (this.#breaker !== null && !this.#breaker.closed && !call.trial) this.#refuseOpen(call);
      else this.#run(call);
    }
  }

  #untime(call: GuardedCall): void {
    if (call.timed) (this.#deadlines as DeadlineList).remove(call);
    if (call.signal !== null) call.signal.release();
  }

  #refuseOpen(call: GuardedCall): void {
    const breaker = this.#breaker as CircuitBreaker;
    this.#refuse(
      call,
      withoutStack(
        () =>
          new CircuitOpenError(
            this.#settings.source,
            breaker.name,
            breaker.retryAfterMs(),
            breaker.lastFailure,
          ),
      ),
    );
  }

  #refuse(call: GuardedCall, error: unknown): void {
    this.#stats.refused++;
    const elapsed = call.timed ? (this.#deadlines as DeadlineList).elapsed(call) : 0;
    this.#untime(call);
    this.#settleFailed(call, error, elapsed, false);
    this.#recycle(call);
  }

  /** The breaker is informed before the next call gets the place. */
  #settleFailed(call: GuardedCall, error: unknown, elapsedMs: number, hadPlace: boolean): void {
    const { examine, heal } = this.#settings;
    const decision = examine(error);
    this.#stats.failedAttempts++;
    if (this.#breaker !== null) {
      if (this.#settings.provesHealthy(error)) this.#breaker.succeeded(call.trial);
      else if (concernsDependency(decision.kind)) this.#breaker.failed(call.trial, error);
      else this.#breaker.inconclusive(call.trial);
    }
    if (hadPlace) this.#freePlace();
    if (call.bare) call.reject(error);
    else heal(error, decision, call.self, call.args, elapsedMs, call.resolve, call.reject);
  }

  #recycle(call: GuardedCall): void {
    call.clear();
    if (this.#freeCount === KEPT) return;
    call.behind = this.#free;
    this.#free = call;
    this.#freeCount++;
  }
}
