import { DECISION_RULE, isVerified, mayDecide, satisfiesRule, shown } from './decision-rule.ts';
import { addOutcomes } from './fading.ts';
import { demote, type ErrorSighting, lowerBoundOf, type PatternRecord } from './pattern.ts';

/** What became of the occurrences of one error that a strategy was tried on. Times are epoch ms. */
export interface StrategyOutcomes {
  readonly healed: number;
  readonly failed: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * Counts outcomes, and demotes at once what no longer deserves to decide. In which order the occurrences of one
 * capture healed and failed is not known: one that healed ends a row of failures.
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

/** What it knows is too old to decide, and nothing speaks against it: what is left goes on counting. */
const fade = (record: PatternRecord, now: number): PatternRecord => ({
  ...record,
  state: 'learning',
  why: `what it showed is too old: ${shown(record, now)}`,
});

/** Ends what decided and, only by the passing of time, no longer may. */
export const fadeOut = (record: PatternRecord, now: number): PatternRecord =>
  record.state === 'deciding' && !mayDecide(record, now) ? fade(record, now) : record;

/** Strategies whose caller gets something else than the answer that was asked for. */
const SUBSTITUTES: ReadonlySet<string> = new Set([
  'FALLBACK_TO_CACHE',
  'USE_DEFAULT_VALUE',
  'SKIP_OPERATION',
  'QUEUE_FOR_LATER',
]);

/**
 * Lets one strategy decide, of all that are known for one error: the best lower bound, and a real answer before a
 * substitute. A substitute nearly always succeeds, so by numbers alone it would push out every retry; after a
 * retry that does not help it is still tried.
 */
export function chooseDeciding(ofOneError: readonly PatternRecord[], now: number): PatternRecord[] {
  const [best] = ofOneError.filter((record) => mayDecide(record, now)).sort(byMerit(now));
  return ofOneError.map((record) => {
    if (record === best) return record.state === 'deciding' ? record : promote(record, now);
    if (!best || (record.state !== 'deciding' && !mayDecide(record, now))) return record;
    return {
      ...record,
      // A verdict that proved itself waits as a trial that yields, and takes over when the better one falls.
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
    // A verdict that failed, and later healed by its own merit, no longer is the model's.
    origin: proved ? 'model' : 'learned',
    why: proved ? `the model's verdict healed ${record.verified} times and never failed` : shown(record, now),
  };
}

const byMerit = (now: number) => (a: PatternRecord, b: PatternRecord) =>
  Number(SUBSTITUTES.has(a.strategy)) - Number(SUBSTITUTES.has(b.strategy)) ||
  lowerBoundOf(b, now) - lowerBoundOf(a, now) ||
  Number(b.state === 'deciding') - Number(a.state === 'deciding') ||
  (a.strategy < b.strategy ? -1 : 1);
