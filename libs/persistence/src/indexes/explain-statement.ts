import type { QueryPlan } from '@gridworks/contracts';
import type pg from 'pg';
import { describePlan, type PlanNode } from './plan-node.ts';
import { withoutValues } from './read-statements.ts';

/**
 * The plan of a statement whose values are `$1`, `$2` …, as PostgreSQL makes it when it does not know them. Runs nothing. Throws PostgreSQL's
 * error, such as for a statement whose values must be known to be planned.
 */
export async function explainStatement(client: Pick<pg.Client, 'query'>, text: string): Promise<PlanNode> {
  // Without parameters node-postgres sends the text as it is, which may hold several statements: one that ends and begins another is refused.
  if (/;\s*\S/.test(text)) throw new Error('this text holds more than one statement');
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (generic_plan, verbose, format json) ${text}`,
  );
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (!plan) throw new Error('PostgreSQL gave no plan');
  return plan;
}

/** A plan as people read it: a line a step, without values. */
export const readablePlan = (plan: PlanNode): QueryPlan => ({
  cost: plan['Total Cost'],
  lines: describePlan(plan)
    .slice(0, 40)
    .map((line) => withoutValues(line).slice(0, 500)),
});
