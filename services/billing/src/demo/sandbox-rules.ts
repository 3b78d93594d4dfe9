/** What the supervisor of a sandbox knows when it decides. */
export interface Observation {
  /** Whether Node says that the thread runs. */
  readonly isAlive: boolean;
  /** Milliseconds since the last pulse, or since the start when there was none. */
  readonly silentMs: number;
  /** Whether this thread has sent a pulse at all. */
  readonly hasPulse: boolean;
}

export interface SandboxRule {
  readonly name: string;
  readonly matches: (seen: Observation) => boolean;
  readonly remedy: 'start_thread' | 'replace_thread';
  readonly why: string;
}

/** Pulses come every 100 ms: four are missed. */
export const SILENCE_MS = 400;
/** A new thread may take this long until its first pulse. */
export const START_MS = 5_000;

/** The first rule that matches decides. */
export const SANDBOX_RULES: readonly SandboxRule[] = [
  {
    name: 'sandbox/thread-ended',
    matches: ({ isAlive, silentMs }) => !isAlive && silentMs > SILENCE_MS,
    remedy: 'start_thread',
    why: 'the thread has ended, and keeps nothing that must be saved',
  },
  {
    name: 'sandbox/thread-silent',
    matches: ({ silentMs, hasPulse }) => silentMs > (hasPulse ? SILENCE_MS * 5 : START_MS),
    remedy: 'replace_thread',
    why: 'the thread runs but says nothing',
  },
];

/** The rule for what was seen; undefined while all is well. */
export const ruleFor = (seen: Observation): SandboxRule | undefined =>
  SANDBOX_RULES.find(({ matches }) => matches(seen));
