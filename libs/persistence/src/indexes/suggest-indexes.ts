import { createHash } from 'node:crypto';
import type { MissingIndex } from '@gridworks/contracts';
import type pg from 'pg';
import type { Database } from '../database/database.ts';
import { explainStatement, readablePlan } from './explain-statement.ts';
import { type Candidate, findCandidates, isCovered } from './find-candidates.ts';
import type { PlanNode } from './plan-node.ts';
import { type CountedStatement, figuresOf, findStatementCounts, readStatements } from './read-statements.ts';
import { readTable, type TableFacts } from './read-table.ts';
import { type Trial, tryIndex } from './try-index.ts';

/**
 * An index is suggested when the trial's plan costs at most a third with it. PostgreSQL's cost takes each page that an index leads to for a slow
 * read, so the time falls by more; less than a third is soon lost in what each write costs more.
 */
export const SMALLEST_FACTOR = 3;
/** Tables with fewer rows, or smaller, are read as a whole within a moment. */
export const SMALLEST_TABLE = { rows: 10_000, bytes: 1024 * 1024 } as const;
/** A person decides about each. */
const MOST_SUGGESTIONS = 3;
/** Trials of one look: each copies some thousand rows. */
const MOST_TRIALS = 12;
const LIMITS = { lockMs: 500, statementMs: 5000 };

interface Found {
  readonly candidate: Candidate;
  readonly facts: TableFacts;
  readonly statement: CountedStatement;
  readonly plan: PlanNode;
}
type Tried = Found & { readonly trial: Trial };

/**
 * The indexes that the statements of this service would gain most from, at most three, the greatest gain first. `reason` says why nothing can be said, in words;
 * null when the statements were looked at. Throws the error of a server that is away.
 */
export async function suggestIndexes(
  database: Database,
): Promise<{ reason: string | null; missing: MissingIndex[] }> {
  const client = await database.session('indexes', LIMITS);
  try {
    const counts = await findStatementCounts(client);
    if ('reason' in counts) return { reason: counts.reason, missing: [] };
    const found = await findAll(client, counts.view);
    const tried: Tried[] = [];
    for (const one of found.slice(0, MOST_TRIALS)) {
      // A type without an order, a lock, a statement that needs its values: then there is nothing to suggest.
      const { facts, statement } = one;
      const options = { rows: facts.rows, statement: statement.text };
      const trial = await tryIndex(client, one.candidate, options).catch(() => null);
      if (trial?.isUsed && factorOf(trial) >= SMALLEST_FACTOR) tried.push({ ...one, trial });
    }
    return { reason: null, missing: bestOf(tried) };
  } finally {
    await client.end();
  }
}

/** Candidates of all statements that no index covers, those of the statements that took most time first. */
async function findAll(client: pg.Client, view: string): Promise<Found[]> {
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema');
  const schema = rows[0]?.schema ?? '';
  const tables = new Map<string, TableFacts | null>();
  const found: Found[] = [];
  for (const statement of await readStatements(client, view)) {
    const plan = await explainStatement(client, statement.text).catch(() => null);
    for (const candidate of plan === null ? [] : findCandidates(plan, schema)) {
      const { table } = candidate;
      if (!tables.has(table)) tables.set(table, await readTable(client, table));
      const facts = tables.get(table);
      if (!facts || facts.rows < SMALLEST_TABLE.rows || facts.bytes < SMALLEST_TABLE.bytes) continue;
      const ordered = mostSelectiveFirst(candidate, facts);
      if (facts.indexes.some((columns) => isCovered(ordered, columns))) continue;
      found.push({ candidate: ordered, facts, statement, plan: plan as PlanNode });
    }
  }
  return found;
}

/** Among columns that are compared for equality the one with most values comes first: other statements gain most from that. */
function mostSelectiveFirst(candidate: Candidate, { values }: TableFacts): Candidate {
  const { columns, equal } = candidate;
  const first = columns.slice(0, equal).sort((a, b) => (values.get(b.name) ?? 0) - (values.get(a.name) ?? 0));
  return { ...candidate, columns: [...first, ...columns.slice(equal)] };
}

const factorOf = (trial: Trial): number =>
  trial.without['Total Cost'] / Math.max(trial.with['Total Cost'], 0.01);
/** The time that the index would have saved, roughly. */
const gainOf = ({ statement, trial }: Tried): number => statement.total_ms * (1 - 1 / factorOf(trial));

/** One suggestion for each index; one that another begins with is that other. */
function bestOf(tried: readonly Tried[]): MissingIndex[] {
  const ranked = [...tried].sort((a, b) => gainOf(b) - gainOf(a));
  const kept: Tried[] = [];
  const others = new Map<Tried, Set<string>>();
  for (const one of ranked) {
    const same = kept.find(
      ({ candidate, statement }) =>
        candidate.table === one.candidate.table &&
        (isCovered(one.candidate, namesOf(candidate)) || statement.id === one.statement.id),
    );
    if (same) others.get(same)?.add(one.statement.id);
    else if (kept.length < MOST_SUGGESTIONS) {
      kept.push(one);
      others.set(one, new Set());
    }
  }
  return kept.map((one) => {
    const ids = others.get(one) ?? new Set();
    ids.delete(one.statement.id);
    return describe(one, ids.size);
  });
}

const namesOf = ({ columns }: Candidate): string[] => columns.map(({ name }) => name);

function describe({ candidate, facts, plan, statement, trial }: Tried, others: number): MissingIndex {
  const { columns, table } = candidate;
  return {
    table,
    columns: [...columns],
    index: indexName(candidate),
    evidence: {
      rows: facts.rows,
      bytes: facts.bytes,
      index_bytes: Math.round((trial.indexBytes * facts.rows) / Math.max(trial.sampleRows, 1)),
      rows_written: facts.rowsWritten,
      statement: figuresOf(statement),
      other_statements: others,
      rows_read: facts.rowsRead,
      plan: readablePlan(plan),
      trial: {
        sample_rows: trial.sampleRows,
        cost_without: trial.without['Total Cost'],
        cost_with: trial.with['Total Cost'],
        factor: Math.round(factorOf(trial) * 10) / 10,
        plan: readablePlan(trial.with),
      },
    },
  };
}

/** `tickets_partner_id_created_at_5f1c_idx`: the same for the same columns, and at most 63 bytes. */
function indexName({ columns, table }: Candidate): string {
  const words = [table, ...columns.map(({ name }) => name)].join('_').replace(/[^A-Za-z0-9_]/g, '_');
  const mark = createHash('sha256')
    .update(JSON.stringify([table, columns]))
    .digest('hex')
    .slice(0, 4);
  return `${words.slice(0, 63 - '_0000_idx'.length)}_${mark}_idx`;
}
