import type { Pulse } from '@gridworks/contracts';

/** What two independent ways to an instance said: its health port over HTTP, its control request over the bus. */
export interface InstanceProbe {
  readonly http: 'pass' | 'timeout' | 'refused' | 'error';
  readonly bus: 'pass' | 'timeout' | 'refused' | 'error';
  readonly detail: string;
}

/** What is remembered of an instance. Times are epoch ms. */
export interface TrackedInstance {
  pulse: Pulse;
  /** When the last pulse came; moved forward by time in which we could not have heard it. */
  seenAt: number;
  /** False for one that an earlier monitor knew and nobody has heard since. */
  received: boolean;
  /** It said that it is about to end. */
  leaving: boolean;
  /** Another boot came without a goodbye, and it is not ready yet. */
  restart: Restart | null;
  /** Silent, and neither way to it answers. Ends when it says that it is ready. */
  unresponsive: Unresponsive | null;
  failedProbes: number;
  lastProbe: InstanceProbe | null;
  /** First pulse of this boot. */
  bootSeenAt: number;
  /** Since when this boot says anything but `ready`. */
  unreadySince: number | null;
  /** Consecutive pulses of this boot that said `ready`. */
  readyPulses: number;
  /** Consecutive pulses whose event loop lag was high, negative: low. */
  laggingPulses: number;
  /** How far its clock was ahead of ours when its last pulse came, ms. */
  skewMs: number;
  /** Requests answered lately; what is ten seconds old counts a third. */
  recent: { readonly ok: number; readonly failed: number };
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

/** What survives a restart of monitor. */
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
    skewMs: 0,
    recent: { ok: 0, failed: 0 },
    requestsPerSecond: 0,
    errorsPerSecond: 0,
  };
}
