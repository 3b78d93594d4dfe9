import { MAX_PULSE_CONTRACTS, type Pulse } from '@gridworks/contracts';
import type { CacheRegistry } from './cache-registry.ts';
import type { HealthRegistry } from './health-registry.ts';
import type { InstanceState } from './instance-state.ts';
import { type DiskSpace, DiskWatch } from './process/disk-space.ts';
import { EventLoopLag } from './process/event-loop-lag.ts';
import type { LoadMeter } from './process/load-meter.ts';
import { readMachine } from './process/machine.ts';
import { type ProcessFigures, ProcessMeter } from './process/process-meter.ts';
import type { ServiceInfo } from './process/service-info.ts';

const EVERY_MS = 1000;
/** Figures of each contract and of the machine are in every so many pulses: they are larger, and dearer to read. */
const FULL_EVERY = 10;

export interface PulseSources {
  readonly info: ServiceInfo;
  readonly state: InstanceState;
  readonly health: HealthRegistry;
  readonly load: LoadMeter;
  readonly caches: CacheRegistry;
  readonly healthUrl: string;
  /** The fullest disk of these folders is in the pulse. */
  readonly diskFolders: readonly string[];
}

/**
 * Sends the state of this process every second, and at once when it changes. A pulse may be lost: nothing
 * waits for it.
 */
export class PulseSender {
  readonly #sources: PulseSources;
  readonly #send: (pulse: Pulse) => void;
  readonly #lag = new EventLoopLag();
  readonly #disk: DiskWatch;
  readonly #meter = new ProcessMeter();
  #timer: NodeJS.Timeout | undefined;
  #sequence = 0;
  #seconds = 0;
  #lagMs = 0;
  #process: ProcessFigures;

  constructor(sources: PulseSources, send: (pulse: Pulse) => void) {
    this.#sources = sources;
    this.#send = send;
    this.#disk = new DiskWatch(sources.diskFolders);
    this.#process = this.#meter.read();
  }

  start(): void {
    this.#sources.state.onChange(() => this.beat());
    this.#disk.start();
    this.#timer = setInterval(() => {
      this.#lagMs = this.#lag.read();
      this.#process = this.#meter.read();
      this.beat(++this.#seconds % FULL_EVERY === 0);
    }, EVERY_MS);
    this.beat();
  }

  /**
   * Sends a pulse now. The pulse is lost when the bus is away, which is acceptable. `full`: with the figures of each
   * contract and of the machine.
   */
  beat(full = false): void {
    try {
      this.#send(full ? { ...this.pulse(), ...this.#fullFigures() } : this.pulse());
    } catch {
      // the next pulse comes in a second
    }
  }

  /** Free space on the fullest disk of its folders; undefined while it is not known. */
  disk(): DiskSpace | undefined {
    return this.#disk.latest();
  }

  /** Longest block of the event loop in the last whole second, milliseconds. */
  lagMs(): number {
    return this.#lagMs;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#lag.stop();
    this.#disk.stop();
  }

  pulse(): Pulse {
    const { info, state, health, load, healthUrl } = this.#sources;
    const disk = this.#disk.latest();
    const frontend = health.frontend();
    const {
      cpuShare,
      eventLoopUse,
      residentBytes,
      heapUsedBytes,
      memoryShare,
      memoryLimitBytes,
      openHandles,
    } = this.#process;
    return {
      service: info.service,
      instance: info.instance,
      boot_id: info.bootId,
      pid: process.pid,
      ...(info.replacesPid === undefined ? {} : { replaces_pid: info.replacesPid }),
      started_at: info.startedAt,
      sent_at: new Date().toISOString(),
      sequence: this.#sequence++,
      state: state.current(),
      health_url: healthUrl,
      resident_bytes: residentBytes,
      heap_used_bytes: heapUsedBytes,
      memory_share: memoryShare,
      memory_limit_bytes: memoryLimitBytes,
      ...(cpuShare === undefined ? {} : { cpu_share: cpuShare }),
      ...(eventLoopUse === undefined ? {} : { event_loop_use: eventLoopUse }),
      open_handles: openHandles,
      ...(disk ? { disk_free_bytes: disk.free, disk_total_bytes: disk.total, disk_folder: disk.folder } : {}),
      event_loop_lag_ms: this.#lagMs,
      in_flight: load.inFlight(),
      requests: load.counts(),
      dependencies: health.dependencies().map((one) => ({
        name: one.name,
        critical: one.critical,
        status: one.status,
        connections_lost: one.connectionsLost,
        boot: one.boot,
        ...(one.pool ? { pool: one.pool } : {}),
        ...(one.outboxWaiting === null ? {} : { outbox_waiting: one.outboxWaiting }),
      })),
      degraded: health.degraded(),
      ...(frontend ? { frontend } : {}),
    };
  }

  #fullFigures(): Pick<Pulse, 'machine' | 'durations' | 'contracts' | 'caches'> {
    const { durations, contracts } = this.#sources.load.readContracts();
    return {
      machine: readMachine(),
      caches: this.#sources.caches.counts(),
      durations,
      contracts: contracts
        .slice(0, MAX_PULSE_CONTRACTS)
        .map(({ contract, requests, errors, durations: own }) => ({ contract, requests, errors, ...own })),
    };
  }
}
