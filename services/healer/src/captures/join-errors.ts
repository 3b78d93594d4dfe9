import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, type Instant, revise } from '../incidents/revision.ts';
import { explainKind } from './describe-errors.ts';
import { type GatheredErrors, MAX_ERRORS } from './gathered-errors.ts';

/** Tells in the incident of a process or server what became of calls that failed because of it; each kind once. */
export function joinErrors(
  record: IncidentRecord,
  service: string,
  process: string,
  { errors, state }: GatheredErrors,
  now: Instant,
): IncidentRecord {
  const fresh = Object.entries(state.kinds).filter(
    ([kind]) => !record.joined_errors.includes(joinKey(service, state.dependency, kind)),
  );
  if (fresh.length === 0) return record;
  const kinds = new Set(fresh.map(([kind]) => kind));
  const added = errors.filter(({ kind }) => kinds.has(kind));
  return revise(
    record,
    { errors: [...record.incident.errors, ...added].slice(0, MAX_ERRORS) },
    fresh.map(([kind, numbers]) =>
      entry(now, 'joined', explainKind(process, state.dependency, kind, numbers)),
    ),
    {
      joined_errors: [
        ...record.joined_errors,
        ...fresh.map(([kind]) => joinKey(service, state.dependency, kind)),
      ],
    },
  );
}

export const joinKey = (service: string, dependency: string | null, kind: string): string =>
  `${service}|${dependency ?? '-'}|${kind}`;
