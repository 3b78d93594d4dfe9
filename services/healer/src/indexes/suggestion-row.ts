import type {
  IndexColumn,
  IndexEvidence,
  IndexSuggestion,
  QueryPlan,
  ServiceName,
} from '@gridworks/contracts';

/** How often a statement has run, and how long in all. */
export interface StatementCounts {
  readonly calls: number;
  readonly total_ms: number;
}

/** A row of `healing_index_suggestions`. */
export interface SuggestionRow {
  readonly id: string;
  readonly service: ServiceName;
  readonly index_name: string;
  readonly table_name: string;
  readonly columns: IndexColumn[];
  readonly evidence: IndexEvidence;
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly state: IndexSuggestion['state'];
  readonly attempts: number;
  readonly waits_for: string | null;
  readonly failure: string | null;
  readonly progress: IndexSuggestion['progress'];
  readonly counts_before: StatementCounts | null;
  readonly counts_built: StatementCounts | null;
  readonly counts_now: StatementCounts | null;
  readonly built_at: Date | null;
  readonly built_plan: QueryPlan | null;
  readonly timeline: IndexSuggestion['timeline'];
}

export const COLUMNS = `id, service, index_name, table_name, columns, evidence, first_seen_at, last_seen_at, state, attempts,
  waits_for, failure, progress, counts_before, counts_built, counts_now, built_at, built_plan, timeline`;

/** An index that was not used for so long may be dropped, milliseconds. */
export const UNUSED_AFTER_MS = 7 * 24 * 3_600_000;

/** `scans`: how often the index was used so far. */
export function viewOf(row: SuggestionRow, scans: number, now: number): IndexSuggestion {
  return {
    object: 'index_suggestion',
    id: row.id,
    service: row.service,
    table: row.table_name,
    columns: row.columns,
    index: row.index_name,
    state: row.state,
    evidence: row.evidence,
    first_seen_at: row.first_seen_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    progress: row.progress,
    result: resultOf(row, scans, now),
    timeline: row.timeline,
  };
}

function resultOf(row: SuggestionRow, scans: number, now: number): IndexSuggestion['result'] {
  if (row.built_at === null || row.state === 'building' || row.state === 'failed') return null;
  const { counts_before, counts_built, counts_now, evidence } = row;
  return {
    built_at: row.built_at.toISOString(),
    plan: row.built_plan,
    before: timing(counts_before) ?? { calls: evidence.statement.calls, mean_ms: evidence.statement.mean_ms },
    after: timing(since(counts_now, counts_built)),
    scans,
    unused: isUnused(row, scans, now),
  };
}

export const isUnused = ({ built_at, state }: SuggestionRow, scans: number, now: number): boolean =>
  state === 'built' && scans === 0 && built_at !== null && now - built_at.getTime() >= UNUSED_AFTER_MS;

const timing = (counts: StatementCounts | null) =>
  counts && counts.calls > 0 ? { calls: counts.calls, mean_ms: counts.total_ms / counts.calls } : null;

/** What was counted since. PostgreSQL begins anew when its counts are reset. */
function since(now: StatementCounts | null, then: StatementCounts | null): StatementCounts | null {
  if (!now || !then || now.calls < then.calls) return now;
  return { calls: now.calls - then.calls, total_ms: Math.max(0, now.total_ms - then.total_ms) };
}
