import type { IndexColumn } from '@gridworks/contracts';
import type { PlanNode } from './plan-node.ts';
import { readConditions, readSortKey } from './read-conditions.ts';

/** An index that may serve a step of a plan. Whether it does, a trial shows. */
export interface Candidate {
  readonly table: string;
  readonly columns: readonly IndexColumn[];
  /** So many of them, from the first on, are compared for equality: among these the order does not matter. */
  readonly equal: number;
}

/** More columns make an index larger, and seldom a statement faster. */
const MOST_EQUAL = 3;
const MOST_SORTED = 3;
const SCANS = new Set(['Seq Scan', 'Index Scan', 'Bitmap Heap Scan']);

interface Above {
  readonly limited: boolean;
  readonly sortKeys: readonly string[];
}

/**
 * Indexes that a plan could use in place of what it does: of tables of `schema` that are read as a whole for a condition, or sorted to return the first rows.
 * Columns that are compared for equality come first, then those of the order, or one that is compared by size.
 */
export function findCandidates(
  plan: PlanNode,
  schema: string,
  above: Above = { limited: false, sortKeys: [] },
): Candidate[] {
  const type = plan['Node Type'];
  const here: Above = {
    limited: above.limited || type === 'Limit',
    sortKeys: type === 'Sort' && above.limited ? (plan['Sort Key'] ?? []) : above.sortKeys,
  };
  return [
    ...(SCANS.has(type) && plan.Schema === schema ? candidatesOf(plan, here.sortKeys) : []),
    ...(plan.Plans ?? []).flatMap((child) => findCandidates(child, schema, here)),
  ];
}

function candidatesOf(scan: PlanNode, sortKeys: readonly string[]): Candidate[] {
  const { Alias: alias, 'Node Type': type, 'Relation Name': table } = scan;
  if (alias === undefined || table === undefined) return [];
  const conditions = [scan.Filter, scan['Index Cond'], scan['Recheck Cond']].map((condition) =>
    readConditions(condition, alias),
  );
  const equal = unique(conditions.flatMap((one) => one.equal)).slice(0, MOST_EQUAL);
  const ascending = (name: string): IndexColumn => ({ name, descending: false });
  const sorted = sortedBy(sortKeys, alias, equal);
  const [range] = unique(conditions.flatMap((one) => one.range)).filter((name) => !equal.includes(name));
  const forms: IndexColumn[][] = [];
  if (sorted.length > 0) forms.push([...equal.map(ascending), ...sorted]);
  // A scan by another index is only worth a look for its order.
  if (type === 'Seq Scan') forms.push([...equal, ...(range === undefined ? [] : [range])].map(ascending));
  return forms
    .filter((columns) => columns.length > 0)
    .map((columns) => ({ table, columns, equal: equal.length }));
}

/** The columns of an order, when all of them belong to this table. An index is read in both directions, so one order is written ascending. */
function sortedBy(keys: readonly string[], alias: string, equal: readonly string[]): IndexColumn[] {
  const columns = keys.map((key) => readSortKey(key, alias));
  if (columns.length > MOST_SORTED || !columns.every((one) => one !== null)) return [];
  const rest = columns.filter(({ name }) => !equal.includes(name));
  return rest.every(({ descending }) => descending)
    ? rest.map(({ name }) => ({ name, descending: false }))
    : rest;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Whether an index over the columns `existing` would serve what the candidate is to serve. */
export function isCovered({ columns, equal }: Candidate, existing: readonly string[]): boolean {
  const names = columns.map(({ name }) => name);
  const first = existing.slice(0, equal);
  return (
    names.slice(0, equal).every((name) => first.includes(name)) &&
    names.slice(equal).every((name, at) => existing[equal + at] === name)
  );
}
