import { Bus } from '@gridworks/bus';
import type { EventContract, PayloadOf } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';

/** Changes that somebody may be watching. In passing: one that is lost is seen at the next look at the list. */
@Injectable()
export class HealingEventPublisher {
  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sends it in the background, with the time of now as `at`. */
  publish<C extends EventContract>(contract: C, payload: Omit<PayloadOf<C>, 'at'>): void {
    this.bus
      .publish(contract, { ...payload, at: new Date().toISOString() } as never)
      .catch((error: unknown) =>
        this.logger.debug({ error, event: contract.subject }, 'nobody was notified'),
      );
  }
}
