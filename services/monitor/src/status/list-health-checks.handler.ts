import { HandleRequest } from '@gridworks/bus';
import { listHealthChecks, listPage, type OutputOf, type ParsedInputOf, pageOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { HealthCheckRepository } from '../health/health-check.repository.ts';

@Controller()
export class ListHealthChecksHandler {
  constructor(private readonly checks: HealthCheckRepository) {}

  /** Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  @HandleRequest(listHealthChecks)
  async list({
    component,
    limit,
  }: ParsedInputOf<typeof listHealthChecks>): Promise<OutputOf<typeof listHealthChecks>> {
    const rows = await this.checks.latest(component, limit + 1);
    return listPage(listHealthChecks, pageOf(rows, limit, false));
  }
}
