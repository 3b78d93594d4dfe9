import type { Pulse } from '@gridworks/contracts';
import type { HealthRegistry } from './health-registry.ts';

export type State = Pulse['state'];

/** The state of this process. It only moves forward, except between `ready` and `not-ready`. */
export class InstanceState {
  readonly #health: HealthRegistry;
  readonly #listeners: ((state: State) => void)[] = [];
  #phase: 'starting' | 'started' | 'draining' | 'stopped' = 'starting';
  #last: State = 'starting';

  constructor(health: HealthRegistry) {
    this.#health = health;
    health.onChange(() => this.#compare());
  }

  current(): State {
    if (this.#phase !== 'started') return this.#phase;
    return this.#health.missing().length === 0 ? 'ready' : 'not-ready';
  }

  enter(phase: 'started' | 'draining' | 'stopped'): void {
    this.#phase = phase;
    this.#compare();
  }

  onChange(listener: (state: State) => void): void {
    this.#listeners.push(listener);
  }

  #compare(): void {
    const now = this.current();
    if (now === this.#last) return;
    this.#last = now;
    for (const listener of this.#listeners) listener(now);
  }
}
