import type { Pulse } from '@gridworks/contracts';

/** The last pulse of an instance and when it came, by our clock: other machines' clocks prove nothing. */
export interface ReceivedPulse {
  readonly pulse: Pulse;
  readonly receivedAt: number;
  /** The one before it, of the same boot. */
  readonly previous: Pulse | null;
}

/** An instance that was not heard for so long is not known to be well. Pulses come every second. */
export const SILENT_AFTER_MS = 2500;

/** What all instances say about themselves. */
export class PulseRegistry {
  readonly #received = new Map<string, ReceivedPulse>();

  constructor(private readonly clock: () => number) {}

  onPulse(pulse: Pulse): void {
    const known = this.#received.get(pulse.instance);
    const sameBoot = known?.pulse.boot_id === pulse.boot_id;
    if (known && sameBoot && pulse.sequence <= known.pulse.sequence) return;
    if (known && !sameBoot && pulse.started_at < known.pulse.started_at) return; // of the boot before, come late
    this.#received.set(pulse.instance, {
      pulse,
      receivedAt: this.clock(),
      previous: sameBoot ? known.pulse : null,
    });
    if (pulse.state === 'stopped') this.#received.delete(pulse.instance);
  }

  of(process: string): ReceivedPulse | null {
    return this.#received.get(process) ?? null;
  }

  /** What was last heard of every instance that did not say goodbye. */
  all(): ReceivedPulse[] {
    return [...this.#received.values()];
  }

  /** Instances that were heard at all: the size of the fleet. */
  size(): number {
    return this.#received.size;
  }

  /** Says `ready`, and said it lately. */
  isHealthy(process: string): boolean {
    const received = this.#received.get(process);
    return (
      received !== undefined &&
      received.pulse.state === 'ready' &&
      this.clock() - received.receivedAt < SILENT_AFTER_MS
    );
  }

  /** All that are well now. */
  healthyOnes(): string[] {
    return [...this.#received.keys()].filter((process) => this.isHealthy(process));
  }

  /** Whether anybody has reached this server since a moment (epoch ms), by what the pulses say. */
  reachedSince(server: string, moment: number): boolean {
    return [...this.#received.values()].some(
      ({ pulse, receivedAt }) =>
        receivedAt > moment &&
        pulse.dependencies.some(({ name, status }) => name === server && status === 'up'),
    );
  }
}
