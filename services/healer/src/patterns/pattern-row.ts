import type { PatternRecord } from './pattern.ts';

/** The columns of `healing_patterns`, with the type of each. */
export const COLUMN_TYPES = {
  id: 'text',
  fingerprint: 'text',
  strategy: 'text',
  origin: 'text',
  state: 'text',
  service: 'text',
  source: 'text',
  kind: 'text',
  example: 'text',
  healed: 'float8',
  failed: 'float8',
  weighed_at: 'timestamptz',
  samples: 'float8',
  consecutive_failures: 'float8',
  verified: 'float8',
  counted_from: 'timestamptz',
  healed_ever: 'float8',
  failed_ever: 'float8',
  why: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  demoted_at: 'timestamptz',
} as const;

type Column = keyof typeof COLUMN_TYPES;
interface Types {
  text: string;
  float8: number;
  timestamptz: Date | null;
}
export type PatternRow = { readonly [C in Column]: Types[(typeof COLUMN_TYPES)[C]] };

export const columns = Object.keys(COLUMN_TYPES) as Column[];

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
const momentOf = (date: Date | null): number => (date as Date).getTime();

export function toRow(record: PatternRecord): PatternRow {
  const { evidence } = record;
  return {
    id: record.id,
    fingerprint: record.fingerprint,
    strategy: record.strategy,
    origin: record.origin,
    state: record.state,
    service: record.service,
    source: record.source,
    kind: record.kind,
    example: record.example,
    healed: evidence.healed,
    failed: evidence.failed,
    weighed_at: dateOf(evidence.at),
    samples: record.samples,
    consecutive_failures: record.consecutiveFailures,
    verified: record.verified,
    counted_from: dateOf(record.countedFrom),
    healed_ever: record.healedEver,
    failed_ever: record.failedEver,
    why: record.why,
    created_at: dateOf(record.createdAt),
    updated_at: dateOf(record.updatedAt),
    demoted_at: dateOf(record.demotedAt),
  };
}

export function fromRow(row: PatternRow): PatternRecord {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    strategy: row.strategy as PatternRecord['strategy'],
    origin: row.origin as PatternRecord['origin'],
    state: row.state as PatternRecord['state'],
    service: row.service as PatternRecord['service'],
    source: row.source,
    kind: row.kind,
    example: row.example,
    evidence: { healed: row.healed, failed: row.failed, at: momentOf(row.weighed_at) },
    samples: row.samples,
    consecutiveFailures: row.consecutive_failures,
    verified: row.verified,
    countedFrom: row.counted_from?.getTime() ?? null,
    healedEver: row.healed_ever,
    failedEver: row.failed_ever,
    why: row.why,
    createdAt: momentOf(row.created_at),
    updatedAt: momentOf(row.updated_at),
    demotedAt: row.demoted_at?.getTime() ?? null,
  };
}
