import type { IncidentError } from '@gridworks/contracts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, type Instant, revise } from '../incidents/revision.ts';
import { explainHealing, explainKind } from './describe-errors.ts';
import { type GatheredErrors, MAX_ERRORS } from './gathered-errors.ts';

/**
 * A pattern or the model decided instead of the rules: worth a line of its own, even if this kind of error
 * was reported before.
 */
const isUnreported = ({ decided_by }: IncidentError): boolean =>
  decided_by === 'pattern' || decided_by === 'model';

const kindKey = (service: string, dependency: string | null, kind: string): string =>
  `${service}|${dependency ?? '-'}|${kind}`;
const errorKey = (service: string, dependency: string | null, { kind, decided_by }: IncidentError): string =>
  `${kindKey(service, dependency, kind)}|${decided_by}`;

/** Whether the incident's timeline reports all of these errors already. */
export function reportsOf(
  record: IncidentRecord,
  service: string,
  { errors, state }: GatheredErrors,
): boolean {
  const reported = new Set(record.joined_errors);
  return (
    Object.keys(state.kinds).every((kind) => reported.has(kindKey(service, state.dependency, kind))) &&
    errors.filter(isUnreported).every((error) => reported.has(errorKey(service, state.dependency, error)))
  );
}

/**
 * Adds to the incident of a process or server what became of the calls that failed because of it: each kind
 * once, and once more when a pattern or the model decided instead of the rules.
 */
export function joinErrors(
  record: IncidentRecord,
  service: string,
  process: string,
  { errors, state }: GatheredErrors,
  now: Instant,
): IncidentRecord {
  const { dependency } = state;
  const reported = new Set(record.joined_errors);
  const kinds = Object.entries(state.kinds).filter(
    ([kind]) => !reported.has(kindKey(service, dependency, kind)),
  );
  const unreported = errors.filter(
    (error) => isUnreported(error) && !reported.has(errorKey(service, dependency, error)),
  );
  if (kinds.length === 0 && unreported.length === 0) return record;
  const freshKinds = new Set(kinds.map(([kind]) => kind));
  const added = errors.filter((error) => freshKinds.has(error.kind) || unreported.includes(error));
  return revise(
    record,
    { errors: [...record.incident.errors, ...added].slice(0, MAX_ERRORS) },
    [
      ...kinds.map(([kind, numbers]) =>
        entry(now, 'joined', explainKind(process, dependency, kind, numbers)),
      ),
      ...unreported.map((error) => entry(now, 'joined', explainHealing(error))),
    ],
    {
      joined_errors: [
        ...new Set([
          ...reported,
          ...kinds.map(([kind]) => kindKey(service, dependency, kind)),
          ...unreported.map((error) => errorKey(service, dependency, error)),
        ]),
      ],
    },
  );
}
