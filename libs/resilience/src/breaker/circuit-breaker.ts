import { errorLabel } from '../common/error-label.ts';
import type {
  BreakerMode,
  BreakerOptions,
  BreakerSnapshot,
  BreakerState,
  BreakerTransition,
} from './breaker-state.ts';
import { FailureWindow } from './failure-window.ts';

/** Each state with its own data. Times are milliseconds since the epoch. */
type State =
  | { readonly name: 'closed' }
  | { readonly name: 'open'; readonly reopensAt: number }
  | {
      readonly name: 'half-open';
      /** Trials in a row that succeeded. */
      succeeded: number;
      /** When the running trial began; null when none runs. */
      trialSince: number | null;
      /** The recovery of the dependency, while it runs. */
      recovery: Promise<void> | null;
    };
type HalfOpen = Extract<State, { name: 'half-open' }>;

const CLOSED: State = { name: 'closed' };

/** Permission to try a dependency again. `ready` is set while its recovery is still running. */
export interface TrialTicket {
  readonly ready: Promise<void> | null;
}

/**
 * Stops calls that would fail anyway. The breaker has no timers: the next call notices that its time has
 * come. While closed, a success costs one store and one comparison.
 */
export class CircuitBreaker {
  readonly name: string;
  /** The only member that the hot path reads. */
  closed = true;
  /** The last failure that opened the breaker, for the errors of refused calls. */
  lastFailure: unknown;
  #state: State = CLOSED;
  #mode: BreakerMode = 'auto';
  #reason = 'new';
  #since: number;
  #consecutive = 0;
  #openedTotal = 0;
  readonly #window: FailureWindow;
  readonly #limits: Required<Omit<BreakerOptions, 'name' | 'recover'>>;
  #recover: (() => Promise<void>) | undefined;
  readonly #now: () => number;
  readonly #listeners = new Set<(transition: BreakerTransition) => void>();

  /** `now`: milliseconds since the epoch. Throws a RangeError for invalid limits. */
  constructor(name: string, options: BreakerOptions = {}, now: () => number = Date.now) {
    this.name = name;
    this.#now = now;
    this.#recover = options.recover;
    const limits = {
      consecutiveFailures: options.consecutiveFailures ?? 5,
      failureShare: options.failureShare ?? 0.5,
      minimumCalls: options.minimumCalls ?? 20,
      windowCalls: options.windowCalls ?? 100,
      windowMs: options.windowMs ?? 30_000,
      halfOpenAfterMs: options.halfOpenAfterMs ?? 60_000,
      closesAfter: options.closesAfter ?? 2,
      recoverMs: options.recoverMs ?? 5_000,
    };
    for (const [limit, value] of Object.entries(limits))
      if (!(value > 0)) throw new RangeError(`breaker ${name}: ${limit} must be above 0, not ${value}`);
    if (limits.minimumCalls > limits.windowCalls)
      throw new RangeError(`breaker ${name}: minimumCalls is above windowCalls`);
    this.#limits = limits;
    this.#window = new FailureWindow(limits.windowCalls, limits.windowMs);
    this.#since = now();
  }

  get state(): BreakerState {
    return this.#state.name;
  }

  /** Adds the recovery of the dependency when the breaker was created without one. */
  recoverWith(recover: () => Promise<void>): void {
    this.#recover ??= recover;
  }

  /**
   * Calls the listener on each transition, right away. An error of a listener is ignored. Returns a function
   * that stops the listener.
   */
  onTransition(listener: (transition: BreakerTransition) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Called only while not closed: a ticket for a trial, or null when this call is refused. One trial runs at
   * a time.
   */
  admit(): TrialTicket | null {
    if (this.#mode === 'open' || this.#state.name === 'closed') return null;
    const now = this.#now();
    const { halfOpenAfterMs } = this.#limits;
    if (this.#state.name === 'open' && now < this.#state.reopensAt) return null;
    const state =
      this.#state.name === 'open' ? this.#halfOpen(`${halfOpenAfterMs} ms have passed`) : this.#state;
    // A trial that never ends must not keep the breaker half-open for ever.
    if (state.trialSince !== null && now - state.trialSince < halfOpenAfterMs) return null;
    state.trialSince = now;
    return { ready: state.recovery };
  }

  /** `trial`: the call held a ticket. Successes of calls from before the breaker opened are ignored. */
  succeeded(trial: boolean): void {
    if (this.closed) {
      this.#consecutive = 0;
      this.#window.succeeded();
      return;
    }
    const state = this.#state;
    if (!trial || state.name !== 'half-open') return;
    state.trialSince = null;
    if (++state.succeeded >= this.#limits.closesAfter)
      this.#become(CLOSED, `${state.succeeded} trials succeeded`);
  }

  /** A failure that concerns the dependency. */
  failed(trial: boolean, error: unknown): void {
    if (!this.closed) {
      if (trial && this.#state.name === 'half-open') this.#open('a trial failed', error);
      return;
    }
    const now = this.#now();
    this.#consecutive++;
    this.#window.failed(now);
    if (this.#mode === 'closed') return;
    const { consecutiveFailures, failureShare, minimumCalls } = this.#limits;
    if (this.#consecutive >= consecutiveFailures) this.#open(`${this.#consecutive} failures in a row`, error);
    else if (this.#window.exceeds(failureShare, minimumCalls, now))
      this.#open(`over ${failureShare * 100}% of at least ${minimumCalls} calls failed`, error);
  }

  /** The call ended in a way that is no evidence about the dependency: bad input, cancelled by its caller. */
  inconclusive(trial: boolean): void {
    if (trial && this.#state.name === 'half-open') this.#state.trialSince = null;
  }

  /**
   * A probe of the dependency succeeded: the breaker need not wait any longer. Does nothing unless the
   * breaker opened by itself.
   */
  dependencyHealthy(): void {
    if (this.#state.name === 'open' && this.#mode === 'auto')
      this.#halfOpen('the dependency was reported healthy');
  }

  /**
   * Holds the breaker open or closed, or lets it decide by itself again (it then starts closed, with an empty
   * history).
   */
  force(mode: BreakerMode, reason: string): void {
    this.#mode = mode;
    this.#become(mode === 'open' ? this.#opened() : CLOSED, `set to ${mode}: ${reason}`);
  }

  /** Milliseconds until an open breaker lets a trial through. */
  retryAfterMs(): number {
    return this.#state.name === 'open' ? Math.max(0, this.#state.reopensAt - this.#now()) : 0;
  }

  toJSON(): BreakerSnapshot {
    const state = this.#state;
    return {
      breaker: this.name,
      state: state.name,
      mode: this.#mode,
      reason: this.#reason,
      since: this.#since,
      reopens_at: state.name === 'open' && this.#mode === 'auto' ? state.reopensAt : null,
      consecutive_failures: this.#consecutive,
      opened_total: this.#openedTotal,
    };
  }

  #opened(): State {
    return { name: 'open', reopensAt: this.#now() + this.#limits.halfOpenAfterMs };
  }

  #open(reason: string, error: unknown): void {
    this.lastFailure = error;
    this.#openedTotal++;
    this.#become(this.#opened(), reason);
  }

  #halfOpen(reason: string): HalfOpen {
    const state: HalfOpen = { name: 'half-open', succeeded: 0, trialSince: null, recovery: null };
    this.#become(state, reason);
    if (!this.#recover) return state;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#limits.recoverMs);
    });
    state.recovery = Promise.race([(async () => this.#recover?.())(), patience])
      .catch((error) => {
        this.#reason = `${reason}; its recovery failed: ${errorLabel(error)}`;
      })
      .finally(() => {
        clearTimeout(timer);
        state.recovery = null;
      });
    return state;
  }

  #become(to: State, reason: string): void {
    const from = this.#state.name;
    const at = this.#now();
    this.#state = to;
    this.closed = to.name === 'closed';
    this.#reason = reason;
    this.#since = at;
    if (this.closed) {
      this.#consecutive = 0;
      this.#window.clear();
      this.lastFailure = undefined;
    }
    const transition: BreakerTransition = {
      breaker: this.name,
      from,
      to: to.name,
      mode: this.#mode,
      reason,
      at,
    };
    for (const listener of this.#listeners) {
      try {
        listener(transition);
      } catch {
        // an error of a listener does not affect the breaker
      }
    }
  }
}
