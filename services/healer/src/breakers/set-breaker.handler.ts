import { HandleRequest } from '@gridworks/bus';
import { actorOf, type Breaker, type ParsedInputOf, setBreaker } from '@gridworks/contracts';
import type { CallContext, Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { BreakerFleet } from './breaker-fleet.ts';

/** The instance publishes the change itself; this handler logs who requested it. */
@Controller()
export class SetBreakerHandler {
  constructor(
    private readonly fleet: BreakerFleet,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleRequest(setBreaker)
  async handle(input: ParsedInputOf<typeof setBreaker>, call: CallContext): Promise<Breaker> {
    const breaker = await this.fleet.set(input);
    const by = actorOf(call);
    this.logger.log('breaker.set_by_admin', {
      process: input.instance,
      breaker: input.breaker,
      mode: input.mode,
      reason: input.reason,
      by,
    });
    return breaker;
  }
}
