import type { BreakerOptions, BreakerTransition } from './breaker-state.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/** All breakers of a process by name: to show them, to set one, to receive every transition. */
export class BreakerRegistry {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #listeners = new Set<(transition: BreakerTransition) => void>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The breaker of that name; created with these options when it does not exist yet. */
  named(name: string, options: BreakerOptions = {}): CircuitBreaker {
    const existing = this.#breakers.get(name);
    if (existing) {
      if (options.recover) existing.recoverWith(options.recover);
      return existing;
    }
    const breaker = new CircuitBreaker(name, options, this.#now);
    breaker.onTransition((transition) => {
      for (const listener of this.#listeners) {
        try {
          listener(transition);
        } catch {
          // the other listeners are still called
        }
      }
    });
    this.#breakers.set(name, breaker);
    return breaker;
  }

  get(name: string): CircuitBreaker | undefined {
    return this.#breakers.get(name);
  }

  all(): readonly CircuitBreaker[] {
    return [...this.#breakers.values()];
  }

  /**
   * Also receives transitions of breakers that are created later. Returns a function that stops the listener.
   */
  onTransition(listener: (transition: BreakerTransition) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A probe found this dependency healthy: its breaker `name`, and those of call sites that have the name
   * before a colon (`postgres:billing.invoices`), need not wait any longer.
   */
  dependencyHealthy(name: string): void {
    for (const breaker of this.#breakers.values())
      if (breaker.name === name || breaker.name.startsWith(`${name}:`)) breaker.dependencyHealthy();
  }
}
