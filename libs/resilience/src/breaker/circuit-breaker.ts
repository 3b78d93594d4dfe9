import { errorLabel } from '../common/error-label.ts';
import type {
  BreakerMode,
  BreakerOptions,
  BreakerSnapshot,
  BreakerState,
  BreakerTransition,
} from './breaker-state.ts';
import { FailureWindow } from './failure-window.ts';

/** Leave to try a dependency again. `ready` is there when its recovery is still running. */
export interface TrialTicket {
  readonly ready: Promise<void> | null;
}

/**
 * Stops calling what fails anyway. No timers: that its time has come is noticed by the next call. While
 * closed, a success costs one store and one comparison.
 */
export class CircuitBreaker {
  readonly name: string;
  /** The hot path's only question. */
  closed = true;
  /** The failure that opened it last, for the errors of calls that it refuses. */
  lastFailure: unknown;
  #state: BreakerState = 'closed';
  #mode: BreakerMode = 'auto';
  #reason = 'new';
  #since: number;
  #reopensAt = 0;
  #consecutive = 0;
  #openedTotal = 0;
  #trialsSucceeded = 0;
  /** When the running trial began; 0 when none runs. */
  #trialSince = 0;
  #recovery: Promise<void> | null = null;
  readonly #window: FailureWindow;
  readonly #limits: Required<Omit<BreakerOptions, 'name' | 'recover'>>;
  #recover: (() => Promise<void>) | undefined;
  readonly #now: () => number;
  readonly #listeners = new Set<(transition: BreakerTransition) => void>();

  /** `now`: milliseconds since the epoch. Throws a RangeError for limits that make no sense. */
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
    return this.#state;
  }

  /** Adds the recovery of the dependency when the breaker was made by somebody who knew none. */
  recoverWith(recover: () => Promise<void>): void {
    this.#recover ??= recover;
  }

  /** Told of each transition, right away. What a listener throws is ignored. Returns how to stop. */
  onTransition(listener: (transition: BreakerTransition) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asked only while not closed: may this call try? null: no. One trial runs at a time. */
  admit(): TrialTicket | null {
    if (this.#mode === 'open') return null;
    const now = this.#now();
    if (this.#state === 'open') {
      if (now < this.#reopensAt) return null;
      this.#halfOpen(`${this.#limits.halfOpenAfterMs} ms have passed`);
    }
    // A trial that never comes back must not keep the breaker half-open for ever.
    if (this.#trialSince !== 0 && now - this.#trialSince < this.#limits.halfOpenAfterMs) return null;
    this.#trialSince = now;
    return { ready: this.#recovery };
  }

  /** `trial`: the call held a ticket. Successes of calls from before it opened say nothing and are ignored. */
  succeeded(trial: boolean): void {
    if (this.closed) {
      this.#consecutive = 0;
      this.#window.succeeded();
      return;
    }
    if (!trial || this.#state !== 'half-open') return;
    this.#trialSince = 0;
    if (++this.#trialsSucceeded >= this.#limits.closesAfter)
      this.#become('closed', `${this.#trialsSucceeded} trials succeeded`);
  }

  /** A failure that concerns the dependency. */
  failed(trial: boolean, error: unknown): void {
    if (!this.closed) {
      if (trial && this.#state === 'half-open') this.#open('a trial failed', error);
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

  /** The call ended in a way that says nothing about the dependency: bad input, cancelled by its caller. */
  inconclusive(trial: boolean): void {
    if (trial) this.#trialSince = 0;
  }

  /** Reported by whoever probes the dependency: no need to wait any longer. Does nothing unless open by itself. */
  dependencyHealthy(): void {
    if (this.#state !== 'open' || this.#mode !== 'auto') return;
    this.#halfOpen('the dependency was reported healthy');
  }

  /** Holds it open or closed, or gives it back to its own judgement (it starts closed, with nothing remembered). */
  force(mode: BreakerMode, reason: string): void {
    this.#mode = mode;
    this.#become(mode === 'open' ? 'open' : 'closed', `set to ${mode}: ${reason}`);
  }

  /** Milliseconds until an open breaker lets a trial through. */
  retryAfterMs(): number {
    return this.#state === 'open' ? Math.max(0, this.#reopensAt - this.#now()) : 0;
  }

  toJSON(): BreakerSnapshot {
    return {
      breaker: this.name,
      state: this.#state,
      mode: this.#mode,
      reason: this.#reason,
      since: this.#since,
      reopens_at: this.#state === 'open' && this.#mode === 'auto' ? this.#reopensAt : null,
      consecutive_failures: this.#consecutive,
      opened_total: this.#openedTotal,
    };
  }

  #open(reason: string, error: unknown): void {
    this.lastFailure = error;
    this.#openedTotal++;
    this.#become('open', reason);
  }

  #halfOpen(reason: string): void {
    this.#become('half-open', reason);
    if (!this.#recover) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#limits.recoverMs);
    });
    const recovery = Promise.race([(async () => this.#recover?.())(), patience])
      .catch((error) => {
        this.#reason = `${reason}; its recovery failed: ${errorLabel(error)}`;
      })
      .finally(() => {
        clearTimeout(timer);
        if (this.#recovery === recovery) this.#recovery = null;
      });
    this.#recovery = recovery;
  }

  #become(to: BreakerState, reason: string): void {
    const from = this.#state;
    const at = this.#now();
    this.#state = to;
    this.closed = to === 'closed';
    this.#reason = reason;
    this.#since = at;
    this.#trialsSucceeded = 0;
    this.#trialSince = 0;
    if (to === 'open') this.#reopensAt = at + this.#limits.halfOpenAfterMs;
    if (to === 'closed') {
      this.#consecutive = 0;
      this.#window.clear();
      this.lastFailure = undefined;
    }
    const transition: BreakerTransition = { breaker: this.name, from, to, mode: this.#mode, reason, at };
    for (const listener of this.#listeners) {
      try {
        listener(transition);
      } catch {
        // a listener's fault is not the breaker's
      }
    }
  }
}
