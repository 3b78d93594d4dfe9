import {
  breakerChanged,
  type EventContract,
  incidentChanged,
  patternChanged,
  pauseChanged,
  SERVICES,
  symptomObserved,
  verdictChanged,
} from '@gridworks/contracts';

/** What is passed on to whoever watches, and under which name. */
export const WATCHED_EVENTS: readonly { readonly contract: EventContract; readonly name: string }[] = [
  { contract: incidentChanged, name: 'incident.changed' },
  { contract: symptomObserved, name: 'symptom.observed' },
  { contract: pauseChanged, name: 'pause.changed' },
  { contract: patternChanged, name: 'pattern.changed' },
  { contract: verdictChanged, name: 'verdict.changed' },
  ...SERVICES.map((service) => ({ contract: breakerChanged[service], name: 'breaker.changed' })),
];
/** What is shown may be out of date: fetch it anew. The first event of each stream, and sent again after a gap. */
export const RESYNC = 'resync';
/** How everything is, once a second at most, when it has changed. */
export const HEALTH_SAMPLED = 'health.sampled';
