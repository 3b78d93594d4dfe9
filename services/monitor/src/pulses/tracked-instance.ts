import type { Pulse } from '@gridworks/contracts';
import { MemoryUse } from '../forecasts/memory-use.ts';
import { DiskUse } from './disk-use.ts';
import { ProcessorUse } from './processor-use.ts';
import { RequestUse } from './request-use.ts';

/**
 * The results of two independent probes of an instance: its health port over HTTP, its control request over
 * the bus.
 */
export interface InstanceProbe {
  readonly http: 'pass' | 'timeout' | 'refused' | 'error';
  readonly bus: 'pass' | 'timeout' | 'refused' | 'error';
  readonly detail: string;
}

/** The state of an instance. Times are epoch ms. */
export interface TrackedInstance {
  pulse: Pulse;
  /** When the last pulse came; moved forward by time in which no pulse could arrive. */
  seenAt: number;
  /** False for an instance from an earlier monitor's state, until its first pulse. */
  received: boolean;
  /** The instance reported that it is about to end. */
  leaving: boolean;
  /** A new boot appeared without a `stopped` of the old one, and it is not ready yet. */
  restart: Restart | null;
  /** The instance is silent, and neither probe gets a response. Ends when it reports `ready`. */
  unresponsive: Unresponsive | null;
  failedProbes: number;
  lastProbe: InstanceProbe | null;
  /** First pulse of this boot. */
  bootSeenAt: number;
  /** Since when this boot has not reported `ready`. */
  unreadySince: number | null;
  /** Consecutive pulses of this boot that reported `ready`. */
  readyPulses: number;
  /** Consecutive pulses whose event loop lag was high, negative: low. */
  laggingPulses: number;
  /** What its pulses said about its disk. */
  readonly disk: DiskUse;
  /** What its pulses said about its memory. */
  readonly memory: MemoryUse;
  /** What they said about its processor and its event loop. */
  readonly processor: ProcessorUse;
  /** What they said about its requests. */
  readonly figures: RequestUse;
  /** How far the instance's clock was ahead of monitor's when its last pulse came, ms. */
  skewMs: number;
  /** When a pulse said last that requests were refused, since its connections ran out. */
  refusedAt: number;
  requestsPerSecond: number;
  errorsPerSecond: number;
}

export interface Restart {
  readonly previousBoot: string;
  readonly previousPid: number;
  /** Last sign of life of the boot that ended. */
  readonly beganAt: number;
  readonly times: number;
}

export interface Unresponsive {
  readonly beganAt: number;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** The state that survives a restart of monitor. */
export interface RememberedInstance {
  readonly pulse: Pulse;
  readonly seenAt: number;
  readonly leaving: boolean;
  readonly restart: Restart | null;
  readonly unresponsive: Unresponsive | null;
}

export function appearing(pulse: Pulse, now: number): TrackedInstance {
  return {
    pulse,
    seenAt: now,
    received: true,
    leaving: false,
    restart: null,
    unresponsive: null,
    failedProbes: 0,
    lastProbe: null,
    bootSeenAt: now,
    unreadySince: null,
    readyPulses: 0,
    laggingPulses: 0,
    disk: new DiskUse(),
    memory: new MemoryUse(),
    processor: new ProcessorUse(),
    figures: new RequestUse(),
    skewMs: 0,
    refusedAt: Number.NEGATIVE_INFINITY,
    requestsPerSecond: 0,
    errorsPerSecond: 0,
  };
}
