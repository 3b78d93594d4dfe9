/** A step of a plan, as `EXPLAIN (VERBOSE, FORMAT JSON)` shows it. Further members are left out here. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly Filter?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

/** All steps of a plan, the outermost first. */
export function stepsOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];
}

/** The names of the indexes that a plan uses. */
export const indexesOf = (plan: PlanNode): string[] => [
  ...new Set(stepsOf(plan).flatMap((step) => step['Index Name'] ?? [])),
];

/** A line for each step: what it is, on what, and by which condition. */
export function describePlan(plan: PlanNode, depth = 0): string[] {
  const on = plan['Relation Name'] === undefined ? '' : ` on ${plan['Relation Name']}`;
  const using = plan['Index Name'] === undefined ? '' : ` using ${plan['Index Name']}`;
  const details = [
    ['sorted by', plan['Sort Key']?.join(', ')],
    ['index condition', plan['Index Cond']],
    ['filter', plan.Filter],
  ].flatMap(([what, value]) => (value === undefined ? [] : `; ${what} ${value}`));
  const line = `${'  '.repeat(depth)}${plan['Node Type']}${using}${on}${details.join('')}`;
  return [line, ...(plan.Plans ?? []).flatMap((child) => describePlan(child, depth + 1))];
}
