import { DECISION_RULE, isVerified, mayDecide, satisfiesRule, shown } from './decision-rule.ts';
import { addOutcomes } from './fading.ts';
import { demote, type ErrorSighting, lowerBoundOf, type PatternRecord } from './pattern.ts';

/** Outcomes of one strategy on the occurrences of one error. Times are epoch ms. */
export interface StrategyOutcomes {
  readonly healed: number;
  readonly failed: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * Counts outcomes, and demotes at once a pattern that may no longer decide. The order of outcomes within one
 * capture is not known: one success ends a row of failures.
 */
export function countOutcomes(
  record: PatternRecord,
  outcomes: StrategyOutcomes,
  sighting: ErrorSighting,
  now: number,
): PatternRecord {
  const { healed, failed, firstAt } = outcomes;
  const seen: PatternRecord = {
    ...record,
    ...sighting,
    healedEver: record.healedEver + healed,
    failedEver: record.failedEver + failed,
    updatedAt: Math.max(record.updatedAt, now),
  };
  if (record.countedFrom !== null && firstAt <= record.countedFrom) return seen;
  // A clock that is ahead must not make outcomes weigh more than new ones.
  const at = Math.min(outcomes.lastAt, now);
  const counted: PatternRecord = {
    ...seen,
    evidence: addOutcomes(record.evidence, { healed, failed, at }),
    samples: record.samples + healed + failed,
    consecutiveFailures: healed > 0 ? 0 : record.consecutiveFailures + failed,
    verified: record.origin === 'model' && record.state !== 'demoted' ? record.verified + healed : 0,
  };
  return judge(counted, failed, at, now);
}

function judge(record: PatternRecord, failed: number, at: number, now: number): PatternRecord {
  if (record.origin === 'model' && record.state !== 'demoted') {
    if (failed > 0)
      return demote(record, at, `demoted: the model's verdict failed after ${record.verified} successes`);
    return { ...record, why: `the model's verdict healed ${record.verified} times and never failed` };
  }
  const soFar = shown(record, now);
  if (record.state === 'deciding') {
    if (record.consecutiveFailures >= DECISION_RULE.consecutiveFailures)
      return demote(record, at, `demoted: it failed ${record.consecutiveFailures} times in a row`);
    if (!satisfiesRule(record, now))
      return failed > 0 ? demote(record, at, `demoted: ${soFar}`) : fade(record, now);
  }
  return { ...record, why: record.state === 'demoted' ? `demoted before; since then ${soFar}` : soFar };
}

/**
 * The evidence is too old to decide, and nothing speaks against the pattern: its faded evidence still counts.
 */
const fade = (record: PatternRecord, now: number): PatternRecord => ({
  ...record,
  state: 'learning',
  why: `what it showed is too old: ${shown(record, now)}`,
});

/** Stops a pattern from deciding when its evidence has faded. */
export const fadeOut = (record: PatternRecord, now: number): PatternRecord =>
  record.state === 'deciding' && !mayDecide(record, now) ? fade(record, now) : record;

/** Strategies whose caller gets a substitute instead of the requested result. */
const SUBSTITUTES: ReadonlySet<string> = new Set([
  'FALLBACK_TO_CACHE',
  'USE_DEFAULT_VALUE',
  'SKIP_OPERATION',
  'QUEUE_FOR_LATER',
]);

/**
 * Lets one strategy decide, of all that are known for one error: the one with the best lower bound, and a
 * real result before a substitute. A substitute nearly always succeeds, so by numbers alone it would replace
 * every retry; it is still tried after a retry that does not help.
 */
export function chooseDeciding(ofOneError: readonly PatternRecord[], now: number): PatternRecord[] {
  const [best] = ofOneError.filter((record) => mayDecide(record, now)).sort(byMerit(now));
  return ofOneError.map((record) => {
    if (record === best) return record.state === 'deciding' ? record : promote(record, now);
    if (!best || (record.state !== 'deciding' && !mayDecide(record, now))) return record;
    return {
      ...record,
      // A verified verdict waits as a trial of lower rank, and takes over when the better pattern is demoted.
      state: isVerified(record) ? 'trial' : 'learning',
      why: `${best.strategy} heals it better; ${shown(record, now)}`,
    };
  });
}

function promote(record: PatternRecord, now: number): PatternRecord {
  const proved = record.origin === 'model' && record.state !== 'demoted';
  return {
    ...record,
    state: 'deciding',
    // A verdict that failed, and later satisfied the rule, no longer counts as the model's.
    origin: proved ? 'model' : 'learned',
    why: proved ? `the model's verdict healed ${record.verified} times and never failed` : shown(record, now),
  };
}

const byMerit = (now: number) => (a: PatternRecord, b: PatternRecord) =>
  Number(SUBSTITUTES.has(a.strategy)) - Number(SUBSTITUTES.has(b.strategy)) ||
  lowerBoundOf(b, now) - lowerBoundOf(a, now) ||
  Number(b.state === 'deciding') - Number(a.state === 'deciding') ||
  (a.strategy < b.strategy ? -1 : 1);
