import { healthAddress, type Pulse, type Symptom, type Target } from '@gridworks/contracts';
import type { InstanceControl } from '../remedies/instance-control.ts';
import { OwnClock } from './own-clock.ts';
import { symptomOfMine } from './symptom-of-mine.ts';

const ROUND_MS = 250;
/** An instance without a pulse for this long is probed; it is reported not before `SILENT_AFTER_MS`. */
const SUSPECT_AFTER_MS = 1500;
const SILENT_AFTER_MS = 2000;
const PROBE_TIMEOUT_MS = 500;
const FAILED_PROBES = 2;
/** Nothing listens any more: the platform is restarting the process, and that may take this long. */
const GONE_AFTER_MS = 5000;

export interface MonitorWatchOptions {
  readonly control: InstanceControl;
  /** Whether the bus is up; without it no pulse can arrive. */
  readonly busIsUp: () => boolean;
  readonly report: (symptom: Symptom) => void;
  readonly clock: () => number;
}

interface Watched {
  pulse: Pulse;
  receivedAt: number;
  failedProbes: number;
  reported: boolean;
}

/**
 * Watches monitor, as monitor watches all other instances: only the healer can notice that monitor hangs or
 * was restarted.
 */
export class MonitorWatch {
  readonly #watched = new Map<string, Watched>();
  readonly #ownClock = new OwnClock();
  #timer: NodeJS.Timeout | undefined;
  #audibleSince: number;
  #stopped = false;

  constructor(private readonly options: MonitorWatchOptions) {
    this.#audibleSince = options.clock();
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#round(), ROUND_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The bus was away, or this process was held up: silence until now proves nothing. */
  forgive(): void {
    this.#audibleSince = this.options.clock();
  }

  onPulse(pulse: Pulse): void {
    if (pulse.service !== 'monitor') return;
    const known = this.#watched.get(pulse.instance);
    if (pulse.state === 'stopped') {
      if (known?.pulse.boot_id === pulse.boot_id) this.#watched.delete(pulse.instance);
      return;
    }
    if (known && known.pulse.boot_id !== pulse.boot_id) {
      if (pulse.started_at < known.pulse.started_at) return; // a late pulse of the previous boot
      const leftByItself = known.pulse.state === 'draining';
      // After a reported silence the new boot ends that incident, and is no second failure.
      if (!leftByItself && !known.reported)
        this.#report('instance.restarted', known, { next_boot: pulse.boot_id });
    }
    this.#watched.set(pulse.instance, {
      pulse,
      receivedAt: this.options.clock(),
      failedProbes: 0,
      reported: false,
    });
  }

  async #round(): Promise<void> {
    const { busIsUp, clock } = this.options;
    if (this.#ownClock.wasHeldUp(clock(), ROUND_MS) || !busIsUp()) this.forgive();
    else for (const watched of this.#watched.values()) await this.#check(watched);
    if (this.#stopped) return;
    this.#ownClock.expect(clock(), ROUND_MS);
    this.#timer = setTimeout(() => void this.#round(), ROUND_MS);
  }

  async #check(watched: Watched): Promise<void> {
    const { busIsUp, clock } = this.options;
    const silentFor = (): number => clock() - Math.max(watched.receivedAt, this.#audibleSince);
    if (watched.reported || silentFor() < SUSPECT_AFTER_MS) return;
    const probe = await this.#probe(watched.pulse);
    // The bus was lost, or another boot took over, during the probe.
    if (!busIsUp() || this.#watched.get(watched.pulse.instance) !== watched) return;
    if (probe === 'responds') {
      watched.failedProbes = 0;
      return;
    }
    watched.failedProbes++;
    const gone = probe === 'gone';
    if (gone && watched.pulse.state === 'draining') return;
    const needed = gone ? GONE_AFTER_MS : SILENT_AFTER_MS;
    if (watched.failedProbes < FAILED_PROBES || silentFor() < needed) return;
    watched.reported = true;
    this.#report('instance.unresponsive', watched, { process_gone: gone });
  }

  /** Two independent ways: the health port, and the control request over the bus. */
  async #probe(pulse: Pulse): Promise<'responds' | 'hangs' | 'gone'> {
    const [http, bus] = await Promise.allSettled([
      fetch(healthAddress(pulse, '/livez') ?? '', {
        redirect: 'error',
        signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      }),
      this.options.control.send('ping', targetOf(pulse.instance), PROBE_TIMEOUT_MS),
    ]);
    if (http.status === 'fulfilled' || bus.status === 'fulfilled') return 'responds';
    const cause = (http.reason as { cause?: { code?: unknown } }).cause;
    return cause?.code === 'ECONNREFUSED' ? 'gone' : 'hangs';
  }

  #report(
    signal: 'instance.unresponsive' | 'instance.restarted',
    watched: Watched,
    more: Record<string, unknown>,
  ) {
    const { clock, report } = this.options;
    const { boot_id, instance, pid } = watched.pulse;
    const evidence = { seen_by: 'healer', boot_id, pid, ...more };
    report(
      symptomOfMine(signal, targetOf(instance), { beganAt: watched.receivedAt, now: clock(), evidence }),
    );
  }
}

const targetOf = (process: string): Target => ({ kind: 'service', name: 'monitor', process });
