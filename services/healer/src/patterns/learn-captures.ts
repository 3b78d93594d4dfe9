import {
  type CapturedError,
  type HealingStrategy,
  newId,
  type Pause,
  type ServiceName,
} from '@gridworks/contracts';
import { chooseDeciding, countOutcomes } from './count-outcomes.ts';
import { whyNotTrain } from './labelled-period.ts';
import { newPattern, type PatternRecord } from './pattern.ts';

const MAX_EXAMPLE = 500;

/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair, not even at the cut. */
const storable = (text: string): string => text.replaceAll('\0', '').slice(0, MAX_EXAMPLE).toWellFormed();

/** The strategies that were tried, with their outcomes. ESCALATE does nothing, so it has no outcome. */
function outcomesOf(capture: CapturedError) {
  return Object.entries(capture.outcomes).flatMap(([strategy, outcome]) =>
    outcome && strategy !== 'ESCALATE' && outcome.healed + outcome.failed > 0
      ? [{ strategy: strategy as HealingStrategy, ...outcome }]
      : [],
  );
}

/** Whether a capture has outcomes to learn from. */
export const hasOutcomes = (capture: CapturedError): boolean => outcomesOf(capture).length > 0;

/** Whether these occurrences may train at all, by the labels of the last two hours. */
export const mayTrain = (
  labels: readonly Pause[],
  service: ServiceName,
  capture: CapturedError,
  now: number,
): boolean => hasOutcomes(capture) && whyNotTrain(labels, service, capture, now) === null;

/**
 * Applies captures that may train and were not counted before. `known` holds every row of their fingerprints;
 * the result holds the rows that changed. Times are epoch ms.
 */
export function learnCaptures(
  known: readonly PatternRecord[],
  service: ServiceName,
  captures: readonly CapturedError[],
  now: number,
): PatternRecord[] {
  const before = new Set(known);
  const byError = Map.groupBy(known, ({ fingerprint }) => fingerprint);
  for (const capture of captures) {
    const { fingerprint } = capture;
    byError.set(fingerprint, learnCapture(byError.get(fingerprint) ?? [], service, capture, now));
  }
  return [...byError.values()].flat().filter((record) => !before.has(record));
}

function learnCapture(
  ofThisError: readonly PatternRecord[],
  service: ServiceName,
  capture: CapturedError,
  now: number,
): PatternRecord[] {
  const { fingerprint, source, kind } = capture;
  const sighting = { service, source, kind, example: storable(capture.error.message) };
  const [firstAt, lastAt] = [Date.parse(capture.first_at), Date.parse(capture.last_at)];
  const records = new Map(ofThisError.map((record) => [record.strategy, record]));
  for (const { strategy, healed, failed } of outcomesOf(capture)) {
    const record =
      records.get(strategy) ??
      newPattern({ id: newId('pattern', now), fingerprint, strategy, ...sighting }, now);
    records.set(strategy, countOutcomes(record, { healed, failed, firstAt, lastAt }, sighting, now));
  }
  return chooseDeciding([...records.values()], now);
}
