import type { HealingStrategy, Pattern, ServiceName } from '@gridworks/contracts';
import { type Evidence, fadeTo, noEvidence, successRate } from './fading.ts';
import { wilsonLowerBound } from './wilson-interval.ts';

/**
 * How often one strategy healed one error, as it is stored: a row of `healing_patterns`. Times are epoch ms.
 */
export interface PatternRecord {
  readonly id: string;
  readonly fingerprint: string;
  readonly strategy: HealingStrategy;
  readonly origin: Pattern['origin'];
  readonly state: Pattern['state'];
  readonly service: ServiceName;
  readonly source: string;
  readonly kind: string;
  /** Redacted message of a recent occurrence. */
  readonly example: string;
  readonly evidence: Evidence;
  /** Outcomes since counting began; these do not fade. */
  readonly samples: number;
  readonly consecutiveFailures: number;
  /** Successes of a model's verdict since its trial began. */
  readonly verified: number;
  /** Outcomes that are not later than this were counted before, and do not count now. */
  readonly countedFrom: number | null;
  /** Totals of all time; for people only. */
  readonly healedEver: number;
  readonly failedEver: number;
  readonly why: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly demotedAt: number | null;
}

/** Where an error occurred, and an example of it. */
export type ErrorSighting = Pick<PatternRecord, 'service' | 'source' | 'kind' | 'example'>;

/** A row without outcomes. */
export function newPattern(
  key: Pick<PatternRecord, 'id' | 'fingerprint' | 'strategy'> & ErrorSighting,
  now: number,
): PatternRecord {
  return {
    ...key,
    origin: 'learned',
    state: 'learning',
    evidence: noEvidence(now),
    samples: 0,
    consecutiveFailures: 0,
    verified: 0,
    countedFrom: null,
    healedEver: 0,
    failedEver: 0,
    why: 'not seen yet',
    createdAt: now,
    updatedAt: now,
    demotedAt: null,
  };
}

/** Restarts the counting at zero: outcomes until `from` no longer count. */
export function countAnew(record: PatternRecord, from: number): PatternRecord {
  return {
    ...record,
    evidence: noEvidence(from),
    samples: 0,
    consecutiveFailures: 0,
    verified: 0,
    countedFrom: from,
  };
}

/** Stops a pattern from deciding. Its counting restarts at zero. */
export function demote(record: PatternRecord, at: number, why: string): PatternRecord {
  return { ...countAnew(record, at), state: 'demoted', demotedAt: at, why };
}

/** The lower end of the 95% interval of the success rate at this moment. */
export function lowerBoundOf(record: PatternRecord, now: number): number {
  const { healed, failed } = fadeTo(record.evidence, now);
  return wilsonLowerBound(healed, healed + failed);
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** The pattern as the API shows it, with the weights of this moment. */
export function describePattern(record: PatternRecord, now: number): Pattern {
  const evidence = fadeTo(record.evidence, now);
  const { id, fingerprint, strategy, origin, state, service, source, kind, example, why } = record;
  return {
    object: 'pattern',
    ...{ id, fingerprint, strategy, origin, state, service, source, kind, example },
    healed: rounded(evidence.healed),
    failed: rounded(evidence.failed),
    success_rate: rounded(successRate(evidence)),
    lower_bound: rounded(lowerBoundOf(record, now)),
    why,
    created_at: new Date(record.createdAt).toISOString(),
    updated_at: new Date(record.updatedAt).toISOString(),
  };
}
