/** The state of a sandbox that its supervisor decides by. */
export interface Observation {
  /** Whether the thread runs according to Node. */
  readonly isAlive: boolean;
  /** Milliseconds since the last pulse, or since the start while there was none. */
  readonly silentMs: number;
  /** Whether this thread has sent a pulse. */
  readonly hasPulse: boolean;
}

export interface SandboxRule {
  readonly name: string;
  readonly matches: (seen: Observation) => boolean;
  readonly remedy: 'start_thread' | 'replace_thread';
  readonly why: string;
}

/** Pulses are sent every 100 ms: four are missing. */
export const SILENCE_MS = 400;
/** The time until the first pulse of a new thread, at most. */
export const START_MS = 5_000;

/** The first matching rule decides. */
export const SANDBOX_RULES: readonly SandboxRule[] = [
  {
    name: 'sandbox/thread-ended',
    matches: ({ isAlive, silentMs }) => !isAlive && silentMs > SILENCE_MS,
    remedy: 'start_thread',
    why: 'the thread has ended, and has no data that must be saved',
  },
  {
    name: 'sandbox/thread-silent',
    matches: ({ silentMs, hasPulse }) => silentMs > (hasPulse ? SILENCE_MS * 5 : START_MS),
    remedy: 'replace_thread',
    why: 'the thread runs but sends no pulse',
  },
];

/** The rule for this observation; undefined while the sandbox is healthy. */
export const ruleFor = (seen: Observation): SandboxRule | undefined =>
  SANDBOX_RULES.find(({ matches }) => matches(seen));
