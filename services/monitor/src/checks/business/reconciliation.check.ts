import { Bus } from '@gridworks/bus';
import { getReconciliation } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';

/** Whether the last reconciliation of billing found that all agrees. */
@Injectable()
export class ReconciliationCheck implements RunnableCheck {
  readonly name = 'reconciliation';
  readonly configured = true;

  constructor(private readonly bus: Bus) {}

  async attempt(timeoutMs: number): Promise<CheckOutcome> {
    const started = performance.now();
    const { ran_at, differences, first, error } = await this.bus.request(
      getReconciliation,
      {},
      { deadlineMs: timeoutMs },
    );
    const responseMs = performance.now() - started;
    if (error !== null)
      return { passed: false, responseMs, detail: `the reconciliation of ${ran_at} did not end: ${error}` };
    if (first === null || differences === 0) return { passed: true, responseMs, detail: null };
    const others = differences > 1 ? `, and ${differences - 1} more` : '';
    return { passed: false, responseMs, detail: `${first.id}: ${first.what}${others}` };
  }
}
