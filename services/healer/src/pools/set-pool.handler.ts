import { HandleRequest } from '@gridworks/bus';
import { actorOf, type InstancePool, type ParsedInputOf, setPool } from '@gridworks/contracts';
import type { CallContext, Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { PoolFleet } from './pool-fleet.ts';

@Controller()
export class SetPoolHandler {
  constructor(
    private readonly fleet: PoolFleet,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleRequest(setPool)
  async handle(input: ParsedInputOf<typeof setPool>, call: CallContext): Promise<InstancePool> {
    const pool = await this.fleet.set(input);
    const { instance, mode, reason, size } = input;
    this.logger.log('pool.set_by_admin', { process: instance, mode, size, reason, by: actorOf(call) });
    return pool;
  }
}
