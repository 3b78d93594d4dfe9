import { Bus } from '@gridworks/bus';
import { getReconciliation, type OutputOf } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';

/** Whether the last reconciliation of billing found that all agrees. */
@Injectable()
export class ReconciliationCheck implements RunnableCheck {
  readonly name = 'reconciliation';
  readonly configured = true;

  constructor(private readonly bus: Bus) {}

  /** What cannot be read is no difference: other checks report a billing that does not respond. */
  async attempt(timeoutMs: number): Promise<CheckOutcome> {
    const started = performance.now();
    try {
      const found = await this.bus.request(getReconciliation, {}, { deadlineMs: timeoutMs });
      return judge(found, performance.now() - started);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { passed: true, responseMs: null, detail: `cannot be read: ${why}` };
    }
  }
}

function judge(
  { ran_at, differences, first, error }: OutputOf<typeof getReconciliation>,
  responseMs: number,
): CheckOutcome {
  if (error !== null)
    return { passed: false, responseMs, detail: `the reconciliation of ${ran_at} did not end: ${error}` };
  if (first === null || differences === 0) return { passed: true, responseMs, detail: null };
  const others = differences > 1 ? `, and ${differences - 1} more` : '';
  return { passed: false, responseMs, detail: `${first.id}: ${first.what}${others}` };
}
