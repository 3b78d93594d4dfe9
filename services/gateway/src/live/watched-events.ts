import {
  auditAppended,
  breakerChanged,
  type EventContract,
  incidentChanged,
  isPlatformRole,
  mayDo,
  type PayloadOf,
  type Permission,
  PLATFORM_CHAIN,
  type Principal,
  patternChanged,
  pauseChanged,
  SERVICES,
  symptomObserved,
  verdictChanged,
} from '@gridworks/contracts';

/** An event that streams pass on, and to whom. */
export interface WatchedEvent {
  readonly contract: EventContract;
  /** The name of the event on the streams. */
  readonly name: string;
  /** What somebody of GridWorks must be allowed to do to receive it. */
  readonly permission: Permission;
  /** For people of partners; missing for what is not about a partner. */
  readonly ofPartner?: {
    readonly permission: Permission;
    /** The partner whose event it is: nobody of another one receives it. Null for none. */
    readonly partnerOf: (payload: never) => string | null;
  };
}

export const WATCHED_EVENTS: readonly WatchedEvent[] = [
  { contract: incidentChanged, name: 'incident.changed', permission: 'incidents:read' },
  { contract: symptomObserved, name: 'symptom.observed', permission: 'incidents:read' },
  { contract: pauseChanged, name: 'pause.changed', permission: 'pauses:read' },
  { contract: patternChanged, name: 'pattern.changed', permission: 'patterns:read' },
  {
    contract: auditAppended,
    name: 'audit.appended',
    permission: 'audit:read-all',
    ofPartner: {
      permission: 'audit:read',
      partnerOf: ({ chain }: PayloadOf<typeof auditAppended>) => (chain === PLATFORM_CHAIN ? null : chain),
    },
  },
  { contract: verdictChanged, name: 'verdict.changed', permission: 'verdicts:read' },
  ...SERVICES.map((service) => ({
    contract: breakerChanged[service],
    name: 'breaker.changed',
    permission: 'breakers:read' as const,
  })),
];

/** Whether a principal receives this event: people of partners only what is of their partner. */
export function isFor(
  { permission, ofPartner }: WatchedEvent,
  payload: unknown,
  principal: Principal,
): boolean {
  if (isPlatformRole(principal.role)) return mayDo(permission, principal);
  if (!ofPartner || principal.partner_id === null) return false;
  return (
    ofPartner.partnerOf(payload as never) === principal.partner_id && mayDo(ofPartner.permission, principal)
  );
}

/**
 * Means: what the client shows may be out of date, fetch it again. The first event of each stream, and sent
 * after a gap.
 */
export const RESYNC = 'resync';
/** The health of the system, at most once a second, when it has changed. */
export const HEALTH_SAMPLED = 'health.sampled';
/** What somebody must be allowed to do to receive it. */
export const HEALTH_PERMISSION = 'health:read';
