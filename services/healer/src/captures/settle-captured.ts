import type { CaptureState } from '../incidents/capture-state.ts';
import { describeSpan } from '../incidents/describe.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, type Instant, instant, revise } from '../incidents/revision.ts';
import { gatheredOf } from './captured-incident.ts';
import { tally } from './describe-errors.ts';

/** Milliseconds; set by `HEALER_CAPTURES_*`. */
export interface CaptureLimits {
  /**
   * The incident is not published before this time: its cause is detected a few seconds after the first
   * error.
   */
  readonly holdMs: number;
  /** The incident is over when no further error came for so long. */
  readonly quietMs: number;
  /** Errors that should end by themselves and have not within this time are escalated to a human. */
  readonly escalateMs: number;
  /** Errors that come back within this time after the end reopen the same incident. */
  readonly recurrenceMs: number;
}
export const DEFAULT_CAPTURE_LIMITS: CaptureLimits = {
  holdMs: 5000,
  quietMs: 30_000,
  escalateMs: 120_000,
  recurrenceMs: 60_000,
};

/**
 * Changes the record as its state demands by now: resolves it, escalates it, or returns the same record. The
 * quiet time counts only from when this healer began to listen.
 */
export function settleCaptured(
  record: IncidentRecord,
  limits: CaptureLimits,
  now: Instant,
  listeningSince: Instant,
): IncidentRecord {
  const state = record.captured;
  if (!state || record.hold_until !== null || record.incident.status === 'resolved') return record;
  if (state.severity === 'healed') {
    const text = `The process itself healed all ${state.occurrences} of them; no caller noticed.`;
    return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
  }
  const quietFor = now - Math.max(Date.parse(state.received_at), listeningSince);
  const escalated = record.incident.status === 'escalated';
  if (!escalated && state.severity === 'lasting') {
    if (now - Date.parse(state.worse_at) < limits.holdMs) return record;
    return escalateCaptured(
      record,
      `These errors do not end by themselves: ${tally(gatheredOf(record))}`,
      now,
    );
  }
  if (quietFor >= limits.quietMs) {
    const text = `No further error for ${describeSpan(limits.quietMs)}. ${tally(gatheredOf(record))}`;
    return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
  }
  const since = now - Date.parse(state.unhealed_since ?? state.received_at);
  if (escalated || since < limits.escalateMs) return record;
  return escalateCaptured(
    record,
    `The errors should have ended by themselves and have not within ${describeSpan(limits.escalateMs)}: ${tally(gatheredOf(record))}`,
    now,
  );
}

/** Too many incidents are open at once: the oldest is no longer followed. */
export function giveUpFollowing(record: IncidentRecord, now: Instant): IncidentRecord {
  if (record.incident.status === 'resolved') return record;
  const text = 'Too many incidents of caught errors go on at once; this one is no longer followed.';
  return revise(record, { status: 'resolved', resolved_at: instant(now) }, [entry(now, 'resolved', text)]);
}

/** The same error was mailed within a day: the timeline says so, and no mail is sent. */
export function withholdMail(record: IncidentRecord, id: string, now: Instant): IncidentRecord {
  if (record.captured?.mail !== 'due' || record.mail) return record;
  const text = `No mail is sent: the same error was mailed within the last day, for incident ${id}.`;
  return revise(record, {}, [entry(now, 'guarded', text)], {
    captured: { ...record.captured, mail: 'withheld' },
  });
}

function escalateCaptured(record: IncidentRecord, reason: string, now: Instant): IncidentRecord {
  const captured = record.captured as CaptureState;
  return revise(record, { status: 'escalated' }, [entry(now, 'escalated', reason)], {
    captured: { ...captured, mail: captured.mail === 'none' ? 'due' : captured.mail },
  });
}
