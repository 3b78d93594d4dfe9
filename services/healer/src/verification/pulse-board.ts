import type { Pulse } from '@gridworks/contracts';

/** The last pulse of an instance and when it came, by our clock: other machines' clocks prove nothing. */
export interface HeardPulse {
  readonly pulse: Pulse;
  readonly heardAt: number;
  /** The one before it, of the same boot. */
  readonly previous: Pulse | null;
}

/** An instance that was not heard for so long is not known to be well. Pulses come every second. */
export const SILENT_AFTER_MS = 2500;

/** What all instances say about themselves. */
export class PulseBoard {
  readonly #heard = new Map<string, HeardPulse>();

  constructor(private readonly clock: () => number) {}

  hear(pulse: Pulse): void {
    const known = this.#heard.get(pulse.instance);
    const sameBoot = known?.pulse.boot_id === pulse.boot_id;
    if (known && sameBoot && pulse.sequence <= known.pulse.sequence) return;
    if (known && !sameBoot && pulse.started_at < known.pulse.started_at) return; // of the boot before, come late
    this.#heard.set(pulse.instance, {
      pulse,
      heardAt: this.clock(),
      previous: sameBoot ? known.pulse : null,
    });
    if (pulse.state === 'stopped') this.#heard.delete(pulse.instance);
  }

  of(process: string): HeardPulse | null {
    return this.#heard.get(process) ?? null;
  }

  /** What was last heard of every instance that did not say goodbye. */
  all(): HeardPulse[] {
    return [...this.#heard.values()];
  }

  /** Instances that were heard at all: the size of the fleet. */
  size(): number {
    return this.#heard.size;
  }

  /** Says `ready`, and said it lately. */
  isWell(process: string): boolean {
    const heard = this.#heard.get(process);
    return (
      heard !== undefined && heard.pulse.state === 'ready' && this.clock() - heard.heardAt < SILENT_AFTER_MS
    );
  }

  /** All that are well now. */
  wellOnes(): string[] {
    return [...this.#heard.keys()].filter((process) => this.isWell(process));
  }

  /** Whether anybody has reached this server since a moment (epoch ms), by what the pulses say. */
  reachedSince(server: string, moment: number): boolean {
    return [...this.#heard.values()].some(
      ({ pulse, heardAt }) =>
        heardAt > moment && pulse.dependencies.some(({ name, status }) => name === server && status === 'up'),
    );
  }
}
