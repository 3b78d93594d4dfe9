import type { State } from '../html/state-mark.ts';

/** One event of a demo's fault. */
export interface DemoEntry {
  /** Milliseconds from the fault. */
  readonly atMs: number;
  readonly text: string;
  readonly state: State;
}

/** Metering calls to the sandbox since it was opened. */
export interface DemoCalls {
  readonly made: number;
  readonly responded: number;
  readonly repeated: number;
  readonly lost: number;
}

/** `GET /v1/demo-sessions/:id` in the form that the page uses. */
export interface DemoSession {
  readonly id: string;
  /** `ready` before a fault, `healing` after it, `healed` when verified, `failed` when healing failed. */
  readonly phase: 'ready' | 'healing' | 'healed' | 'failed';
  readonly calls: DemoCalls;
  readonly entries: readonly DemoEntry[];
}

type Json = Readonly<Record<string, unknown>>;

/** Kinds of timeline entries, and the state that each is shown with. */
const STATES: Readonly<Record<string, State>> = {
  injected: 'fail',
  observed: 'warn',
  decided: 'warn',
  acted: 'warn',
  verified: 'pass',
  escalated: 'fail',
};
const PHASES: Readonly<Record<string, DemoSession['phase']>> = {
  ready: 'ready',
  broken: 'healing',
  healing: 'healing',
  healed: 'healed',
  failed: 'failed',
};

/** Reads a response; throws when it is no demo session. */
export function readDemo(response: unknown): DemoSession {
  const json = response as Json;
  const phase = PHASES[String(json?.status)];
  // An unknown status is an error, so that the page does not wait for another one.
  if (typeof json?.id !== 'string' || !phase) throw new Error('The response is no demo session');
  const calls = (json.calls ?? {}) as Json;
  const timeline = Array.isArray(json.timeline) ? (json.timeline as Json[]) : [];
  const startedAt = Date.parse(String(timeline[0]?.at ?? ''));
  return {
    id: json.id,
    phase,
    calls: {
      made: Number(calls.made) || 0,
      responded: Number(calls.responded) || 0,
      repeated: Number(calls.repeated) || 0,
      lost: Number(calls.lost) || 0,
    },
    entries: timeline.map(({ at, kind, text }) => ({
      atMs: Math.max(0, Date.parse(String(at)) - startedAt) || 0,
      text: String(text ?? kind ?? ''),
      state: STATES[String(kind)] ?? 'unknown',
    })),
  };
}
