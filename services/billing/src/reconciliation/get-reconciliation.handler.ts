import { HandleRequest } from '@gridworks/bus';
import { getReconciliation, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { ReconciliationRepository } from './reconciliation.repository.ts';

@Controller()
export class GetReconciliationHandler {
  constructor(private readonly runs: ReconciliationRepository) {}

  @HandleRequest(getReconciliation)
  async get(): Promise<OutputOf<typeof getReconciliation>> {
    const last = await this.runs.last();
    return {
      ran_at: last?.ran_at.toISOString() ?? null,
      differences: last?.differences ?? 0,
      first: last?.shown[0] ?? null,
      error: last?.error ?? null,
    };
  }
}
