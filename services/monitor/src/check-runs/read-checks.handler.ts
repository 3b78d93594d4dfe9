import { HandleRequest } from '@gridworks/bus';
import {
  type Check,
  getCheck,
  listCheckChanges,
  listChecks,
  listPage,
  type OutputOf,
  type ParsedInputOf,
  pageOf,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { timestamp } from '../symptoms/timestamp.ts';
import { CheckChangeRepository } from './check-change.repository.ts';
import { CheckJudge } from './check-judge.ts';
import { CheckRunner } from './check-runner.ts';

@Controller()
export class ReadChecksHandler {
  constructor(
    private readonly runner: CheckRunner,
    private readonly judge: CheckJudge,
    private readonly changes: CheckChangeRepository,
  ) {}

  /** Responds from memory, whatever else is away. */
  @HandleRequest(listChecks)
  async list(): Promise<OutputOf<typeof listChecks>> {
    const now = Date.now();
    const { offlineSince } = this.judge;
    return {
      object: 'checks',
      observed_at: timestamp(now),
      offline_since: offlineSince === null ? null : timestamp(offlineSince),
      checks: [...this.runner.entries.values()].map((entry) => this.judge.present(entry, now)),
    };
  }

  @HandleRequest(getCheck)
  async get({ name }: ParsedInputOf<typeof getCheck>): Promise<Check> {
    return this.judge.present(this.runner.entry(name), Date.now());
  }

  /** Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  @HandleRequest(listCheckChanges)
  async listChanges({
    name,
    limit,
  }: ParsedInputOf<typeof listCheckChanges>): Promise<OutputOf<typeof listCheckChanges>> {
    this.runner.entry(name);
    const found = await this.changes.latest(name, limit + 1);
    return listPage(listCheckChanges, pageOf(found, limit, false));
  }
}
