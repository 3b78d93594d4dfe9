import {
  type CauseSignal,
  DEPENDENCIES,
  type ServiceName,
  type SignalRow,
  type Symptom,
  signalRow,
} from '@gridworks/contracts';
import { knowsSymptom } from './incident.ts';
import { type IncidentRecord, isOfCaptures } from './incident-record.ts';

/** Milliseconds. */
export interface CorrelationWindows {
  /**
   * Symptoms of dependents belong to an incident from so long before it began until so long after its end.
   */
  readonly dependentsMs: number;
  /** The same failure within this time after a resolution reopens the old incident. */
  readonly recurrenceMs: number;
}
export const DEFAULT_WINDOWS: CorrelationWindows = { dependentsMs: 30_000, recurrenceMs: 10_000 };

/** A symptom that began later than this after the end of an incident has a cause of its own. */
const AFTERMATH_MS = 2000;

export type Correlation =
  | { readonly kind: 'known' }
  /** `reopen`: the incident was resolved, and this symptom shows that it is not over. */
  | { readonly kind: 'join'; readonly id: string; readonly reopen: boolean }
  /** The incident continues under this cause, which explains its earlier symptoms. */
  | { readonly kind: 'rediagnose'; readonly id: string; readonly absorb: readonly string[] }
  | { readonly kind: 'open' }
  /** The end of a symptom that no incident has: nothing to do. */
  | { readonly kind: 'ignore' };

const strengthOf = (signal: CauseSignal): SignalRow['strength'] => signalRow(signal).strength;

/** A soft signal is often only a consequence of another fault. */
export const isSoft = (signal: CauseSignal): boolean => strengthOf(signal) === 'soft';
/** A hard signal proves that the process itself ended, hangs, or does not do its work. */
export const isHard = (signal: CauseSignal): boolean => strengthOf(signal) === 'hard';

/** Whether one signal of a process is a consequence of another one. */
function follows(signal: CauseSignal, cause: CauseSignal): boolean {
  const { explains } = signalRow(cause);
  if (explains === 'soft') return isSoft(signal) && !signalRow(signal).reportOnly;
  return explains?.includes(signal) ?? false;
}

/**
 * 2: the process itself ended or hangs; 1: it responds, and surely does not do its work; 0: maybe a
 * consequence.
 */
const certainty = (signal: CauseSignal): 0 | 1 | 2 =>
  !isHard(signal) ? 0 : signalRow(signal).proof === 'probe' ? 2 : 1;

const reach = new Map<string, ReadonlySet<string>>();
for (const service of Object.keys(DEPENDENCIES)) reach.set(service, closure(service));

function closure(service: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const direct = DEPENDENCIES[name as ServiceName];
    for (const next of direct ? [...direct.needs, ...direct.uses] : []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(service);
  found.delete(service);
  return found;
}

/** Whether `service` depends on `name`, directly or through others. */
export const dependsOn = (service: string, name: string): boolean => reach.get(service)?.has(name) ?? false;

const at = (time: string): number => Date.parse(time);

function explains(cause: { name: string }, symptom: Symptom): boolean {
  if (symptom.target.kind !== 'service' || symptom.target.name === cause.name) return false;
  if (symptom.suspects.some((suspect) => suspect === cause.name))
    return strengthOf(symptom.signal) !== 'advisory';
  return isSoft(symptom.signal) && dependsOn(symptom.target.name, cause.name);
}

/** Whether the symptom's times allow that the incident caused it. */
function inWindow({ incident }: IncidentRecord, symptom: Symptom, windows: CorrelationWindows): boolean {
  if (at(symptom.observed_at) < at(incident.began_at) - windows.dependentsMs) return false;
  if (incident.resolved_at === null) return true;
  const end = at(incident.resolved_at);
  return at(symptom.began_at) <= end + AFTERMATH_MS && at(symptom.observed_at) <= end + windows.dependentsMs;
}

function sameProcess(
  record: IncidentRecord,
  symptom: Symptom,
  windows: CorrelationWindows,
): Correlation | null {
  const { incident } = record;
  const { cause } = incident;
  if (cause.target.process !== symptom.target.process) return null;
  if (symptom.state === 'firing' && incident.resolved_at === null) {
    if (follows(symptom.signal, cause.signal)) return { kind: 'join', id: incident.id, reopen: false };
    // The cause was detected later than its consequence.
    if (follows(cause.signal, symptom.signal) && record.mail === null)
      return { kind: 'rediagnose', id: incident.id, absorb: [] };
  }
  const apart = [cause.signal, symptom.signal].some(
    (signal) => strengthOf(signal) === 'advisory' || signalRow(signal).reportOnly,
  );
  if (apart && cause.signal !== symptom.signal) return null;
  if (incident.resolved_at === null) {
    const stronger = certainty(symptom.signal) > certainty(cause.signal);
    return stronger
      ? { kind: 'rediagnose', id: incident.id, absorb: [] }
      : { kind: 'join', id: incident.id, reopen: false };
  }
  const end = at(incident.resolved_at);
  if (at(symptom.observed_at) <= end) return { kind: 'join', id: incident.id, reopen: false };
  // A late report of the new boot that the healer's own act caused: the old boot was last seen before the
  // end.
  const ourDoing = signalRow(symptom.signal).momentary && at(symptom.began_at) <= end;
  if (ourDoing) return { kind: 'join', id: incident.id, reopen: false };
  if (at(symptom.observed_at) <= end + windows.recurrenceMs)
    return { kind: 'join', id: incident.id, reopen: true };
  return null;
}

function sharesSuspects(
  { incident, gave_up }: IncidentRecord,
  symptom: Symptom,
  windows: CorrelationWindows,
): boolean {
  if (incident.resolved_at !== null || gave_up || !isSoft(incident.cause.signal) || !isSoft(symptom.signal))
    return false;
  if (Math.abs(at(symptom.observed_at) - at(incident.observed_at)) > windows.dependentsMs) return false;
  const suspected = new Set(incident.symptoms.flatMap(({ suspects }) => suspects));
  return symptom.suspects.some((suspect) => suspected.has(suspect));
}

/**
 * PostgreSQL refuses writes because its disk is full (SQLSTATE 53100): a consequence of the disk, and nothing but room helps. Monitor writes the
 * SQLSTATE before the message.
 */
export const lacksSpace = (signal: CauseSignal, { error }: Symptom['evidence']): boolean =>
  signal === 'server.read-only' && typeof error === 'string' && error.startsWith('53100');

const isOpenDisk = ({ incident }: IncidentRecord): boolean =>
  incident.cause.signal === 'disk.filling' && incident.resolved_at === null;

/** Open incidents that are only a consequence of this symptom, oldest first. */
function shadows(
  symptom: Symptom,
  records: readonly IncidentRecord[],
  windows: CorrelationWindows,
): IncidentRecord[] {
  if (strengthOf(symptom.signal) !== 'hard') return [];
  return records.filter(
    ({ incident, mail }) =>
      incident.resolved_at === null &&
      mail === null &&
      isSoft(incident.cause.signal) &&
      Math.abs(at(symptom.observed_at) - at(incident.observed_at)) <= windows.dependentsMs &&
      incident.symptoms.some((one) => explains(symptom.target, one)),
  );
}

/**
 * Finds the incident that a symptom belongs to, by the dependency graph, by the suspects of the symptom, and
 * by time. `all`: incidents that are open or ended recently, in any order. Incidents of caught errors never
 * explain a symptom; symptoms explain them.
 */
export function correlate(
  symptom: Symptom,
  all: readonly IncidentRecord[],
  windows: CorrelationWindows = DEFAULT_WINDOWS,
): Correlation {
  const records = all.filter((record) => !isOfCaptures(record));
  if (records.some((record) => knowsSymptom(record, symptom))) return { kind: 'known' };
  const newestFirst = [...records].sort((a, b) => (a.incident.id < b.incident.id ? 1 : -1));
  if (symptom.state === 'cleared') {
    const owner = newestFirst.find(({ incident }) => incident.symptoms.some(({ id }) => id === symptom.id));
    return owner ? { kind: 'join', id: owner.incident.id, reopen: false } : { kind: 'ignore' };
  }
  const absorb = shadows(symptom, records, windows)
    .map(({ incident }) => incident.id)
    .sort();
  for (const record of newestFirst) {
    const verdict = sameProcess(record, symptom, windows);
    if (verdict?.kind === 'rediagnose')
      return { ...verdict, absorb: absorb.filter((id) => id !== verdict.id) };
    if (verdict) return verdict;
  }
  const disk = lacksSpace(symptom.signal, symptom.evidence) ? newestFirst.find(isOpenDisk) : undefined;
  if (disk) return { kind: 'join', id: disk.incident.id, reopen: false };
  const cause = newestFirst.find(
    (record) =>
      record.hold_until === null &&
      !(record.gave_up && record.incident.resolved_at === null && isSoft(record.incident.cause.signal)) &&
      strengthOf(record.incident.cause.signal) === 'hard' &&
      explains(record.incident.cause.target, symptom) &&
      inWindow(record, symptom, windows),
  );
  if (cause) return { kind: 'join', id: cause.incident.id, reopen: false };
  const companion = newestFirst.find((record) => sharesSuspects(record, symptom, windows));
  if (companion) return { kind: 'join', id: companion.incident.id, reopen: false };
  const [first, ...others] = absorb;
  return first === undefined ? { kind: 'open' } : { kind: 'rediagnose', id: first, absorb: others };
}
