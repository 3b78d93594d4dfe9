import type { Pulse } from '@gridworks/contracts';

/**
 * The last pulse of an instance and when it arrived, by the healer's clock: clocks of other machines prove
 * nothing.
 */
export interface ReceivedPulse {
  readonly pulse: Pulse;
  readonly receivedAt: number;
  /** The one before it, of the same boot. */
  readonly previous: Pulse | null;
}

/** An instance whose last pulse is older than this does not count as healthy. Pulses come every second. */
export const SILENT_AFTER_MS = 2500;

/** A process that has been silent for this time is not waited for when its replacement starts, as in monitor. */
const GONE_AFTER_MS = 5000;

/** The last pulses of all instances. */
export class PulseRegistry {
  readonly #received = new Map<string, ReceivedPulse>();

  constructor(private readonly clock: () => number) {}

  onPulse(pulse: Pulse): void {
    const known = this.#received.get(pulse.instance);
    const sameBoot = known?.pulse.boot_id === pulse.boot_id;
    if (known && sameBoot && pulse.sequence <= known.pulse.sequence) return;
    if (known && !sameBoot && pulse.started_at < known.pulse.started_at) return; // a late pulse of the previous boot
    if (known && this.#isWaiting(pulse, known)) return;
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

  /** The last pulse of every instance, except those that reported `stopped`. */
  all(): ReceivedPulse[] {
    return [...this.#received.values()];
  }

  /** The number of known instances: the size of the fleet. */
  size(): number {
    return this.#received.size;
  }

  /** Whether the last pulse reports `ready` and is recent. */
  isHealthy(process: string): boolean {
    const received = this.#received.get(process);
    return received !== undefined && received.pulse.state === 'ready' && !this.#isSilent(received);
  }

  /** A replacement takes over when it is ready, or when the process that it replaces is gone. */
  #isWaiting({ replaces_pid, state }: Pulse, known: ReceivedPulse): boolean {
    return (
      replaces_pid === known.pulse.pid && state !== 'ready' && this.clock() - known.receivedAt < GONE_AFTER_MS
    );
  }

  #isSilent({ receivedAt }: ReceivedPulse): boolean {
    return this.clock() - receivedAt >= SILENT_AFTER_MS;
  }

  /** All instances that are healthy now. */
  healthyOnes(): string[] {
    return [...this.#received.keys()].filter((process) => this.isHealthy(process));
  }

  /** Whether any instance has reached this server since a moment (epoch ms), according to the pulses. */
  reachedSince(server: string, moment: number): boolean {
    return [...this.#received.values()].some(
      ({ pulse, receivedAt }) =>
        receivedAt > moment &&
        pulse.dependencies.some(({ name, status }) => name === server && status === 'up'),
    );
  }
}
