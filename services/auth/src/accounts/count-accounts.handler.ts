import { HandleRequest } from '@gridworks/bus';
import { countAccounts, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { DirectoryRepository } from './directory.repository.ts';

@Controller()
export class CountAccountsHandler {
  constructor(private readonly directory: DirectoryRepository) {}

  @HandleRequest(countAccounts)
  async count(): Promise<OutputOf<typeof countAccounts>> {
    return { ...(await this.directory.counts()), observed_at: new Date().toISOString() };
  }
}
