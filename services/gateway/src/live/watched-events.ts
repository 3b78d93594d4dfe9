import {
  auditAppended,
  breakerChanged,
  type EventContract,
  incidentChanged,
  patternChanged,
  pauseChanged,
  SERVICES,
  symptomObserved,
  verdictChanged,
} from '@gridworks/contracts';

/** The events that streams pass on, and their names there. */
export const WATCHED_EVENTS: readonly { readonly contract: EventContract; readonly name: string }[] = [
  { contract: incidentChanged, name: 'incident.changed' },
  { contract: symptomObserved, name: 'symptom.observed' },
  { contract: pauseChanged, name: 'pause.changed' },
  { contract: patternChanged, name: 'pattern.changed' },
  { contract: auditAppended, name: 'audit.appended' },
  { contract: verdictChanged, name: 'verdict.changed' },
  ...SERVICES.map((service) => ({ contract: breakerChanged[service], name: 'breaker.changed' })),
];
/**
 * Means: what the client shows may be out of date, fetch it again. The first event of each stream, and sent
 * after a gap.
 */
export const RESYNC = 'resync';
/** The health of the system, at most once a second, when it has changed. */
export const HEALTH_SAMPLED = 'health.sampled';
