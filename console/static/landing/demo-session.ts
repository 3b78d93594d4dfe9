import type { State } from '../html/state-mark.ts';

/** One thing that happened to the fault of a demo. */
export interface DemoEntry {
  /** Milliseconds from the fault. */
  readonly atMs: number;
  readonly text: string;
  readonly state: State;
}

/** `GET /v1/demo-sessions/:id` as the page reads it. */
export interface DemoSession {
  readonly id: string;
  /** `ready` before a fault, `healing` after it, `healed` when it was verified, `ended` when the sandbox is gone. */
  readonly phase: 'ready' | 'healing' | 'healed' | 'ended';
  readonly entries: readonly DemoEntry[];
}

type Json = Readonly<Record<string, unknown>>;

/** Kinds of the healer's timeline, and the state that each is shown with. */
const STATES: Readonly<Record<string, State>> = {
  began: 'fail',
  injected: 'fail',
  observed: 'warn',
  decided: 'warn',
  intended: 'warn',
  acted: 'warn',
  joined: 'warn',
  verifying: 'warn',
  verified: 'pass',
  resolved: 'pass',
  notified: 'pass',
  escalated: 'fail',
};
const PHASES: Readonly<Record<string, DemoSession['phase']>> = {
  ready: 'ready',
  broken: 'healing',
  healing: 'healing',
  healed: 'healed',
  expired: 'ended',
};

/** Reads a response; throws when it is no demo session. */
export function readDemo(response: unknown): DemoSession {
  const json = response as Json;
  if (typeof json?.id !== 'string') throw new Error('The response is no demo session');
  const timeline = Array.isArray(json.timeline) ? (json.timeline as Json[]) : [];
  const startedAt = Date.parse(String(timeline[0]?.at ?? ''));
  return {
    id: json.id,
    phase: PHASES[String(json.status)] ?? 'healing',
    entries: timeline.map(({ at, kind, text }) => ({
      atMs: Math.max(0, Date.parse(String(at)) - startedAt) || 0,
      text: String(text ?? kind ?? ''),
      state: STATES[String(kind)] ?? 'unknown',
    })),
  };
}
