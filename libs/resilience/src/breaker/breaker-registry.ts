import type { BreakerOptions, BreakerTransition } from './breaker-state.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/** All breakers of a process by name: to show them, to set one, to hear of every transition. */
export class BreakerRegistry {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #listeners = new Set<(transition: BreakerTransition) => void>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The breaker of that name; made with these options when there is none yet. */
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
          // others still want to hear it
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

  /** Also hears breakers that are made later. Returns how to stop. */
  onTransition(listener: (transition: BreakerTransition) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * A probe found this dependency healthy: its breaker `name`, and those of call sites that carry the name
   * before a colon (`postgres:billing.invoices`), need not wait any longer.
   */
  dependencyHealthy(name: string): void {
    for (const breaker of this.#breakers.values())
      if (breaker.name === name || breaker.name.startsWith(`${name}:`)) breaker.dependencyHealthy();
  }
}
