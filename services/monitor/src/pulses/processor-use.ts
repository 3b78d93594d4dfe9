import type { Pulse } from '@gridworks/contracts';

/** What counts as much of a processor: JavaScript has one, and the rest is needed for garbage collection and the system. */
export const CPU_HIGH = 0.8;
/** The same of the event loop, which also counts what the process would use where other processes leave it too little. */
export const LOOP_HIGH = 0.85;
/** Below this it has become less. */
export const CPU_LOW = 0.7;
/** How long it must be so, ms. A boot, a report or a garbage collection takes less. */
export const WINDOW_MS = 30_000;
const LATELY_MS = 10_000;
/** The share of the pulses of the window that must say so. */
const MOST = 0.9;
/** A delay of the event loop, ms, that every request of the process feels several times. */
export const DELAY_MS = 100;
/** A 95th percentile of durations, ms, that callers feel. */
export const SLOW_MS = 1000;
interface Sample {
  readonly at: number;
  readonly cpu: number;
  readonly loop: number;
  readonly delay: number;
}

const isHigh = ({ cpu, loop }: Sample): boolean => cpu > CPU_HIGH || loop > LOOP_HIGH;

/**
 * How busy one process is, and whether its requests suffer from it: a busy process whose requests do not suffer does its
 * work, and is left alone. Reads no clock: times are epoch ms.
 */
export class ProcessorUse {
  #samples: Sample[] = [];
  #p95: number | null = null;
  #isSaturated = false;

  observe(
    pulse: Pick<Pulse, 'cpu_share' | 'event_loop_use' | 'event_loop_lag_ms' | 'durations'>,
    now: number,
  ): void {
    const { cpu_share: cpu = 0, event_loop_use: loop = 0, event_loop_lag_ms: delay } = pulse;
    this.#samples.push({ at: now, cpu, loop, delay });
    this.#samples = this.#samples.filter(({ at }) => now - at <= WINDOW_MS);
    if (pulse.durations !== undefined) this.#p95 = pulse.durations?.p95_ms ?? null;
    this.#isSaturated = this.#isSaturated ? !this.#hasRelaxed() : this.#isBusy(now) && this.#suffers();
  }

  /** The evidence of a processor that is used up while requests suffer; null otherwise. */
  saturated(): Readonly<
    Record<'cpu_share' | 'event_loop_use' | 'event_loop_lag_ms', number> & { p95_ms: number | null }
  > | null {
    if (!this.#isSaturated) return null;
    return {
      cpu_share: median(this.#samples.map(({ cpu }) => cpu)),
      event_loop_use: median(this.#samples.map(({ loop }) => loop)),
      event_loop_lag_ms: median(this.#samples.map(({ delay }) => delay)),
      p95_ms: this.#p95,
    };
  }

  /** Whether it is about to be: busy, and suffering, for the last 10 s. Nothing is done about it yet. */
  isBusyLately(now: number): boolean {
    const lately = this.#samples.filter(({ at }) => now - at <= LATELY_MS);
    const busy = lately.filter(isHigh);
    const late = busy.filter(({ delay }) => delay >= DELAY_MS);
    return lately.length >= 4 && busy.length >= MOST * lately.length && 2 * late.length >= lately.length;
  }

  #isBusy(now: number): boolean {
    const first = this.#samples[0];
    // Pulses come every second, and later when the process is busy.
    if (!first || now - first.at < WINDOW_MS - 3000 || this.#samples.length < 10) return false;
    return this.#share(isHigh) >= MOST;
  }

  #suffers(): boolean {
    return (
      this.#share(({ delay }) => delay >= DELAY_MS) >= 0.5 || (this.#p95 !== null && this.#p95 >= SLOW_MS)
    );
  }

  #hasRelaxed(): boolean {
    return this.#share(({ cpu, loop }) => cpu < CPU_LOW && loop < CPU_LOW) >= 0.5 || !this.#suffers();
  }

  #share(is: (sample: Sample) => boolean): number {
    return this.#samples.filter(is).length / this.#samples.length;
  }
}

const median = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? 0;
