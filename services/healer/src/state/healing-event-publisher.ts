import { Bus } from '@gridworks/bus';
import type { EventContract, PayloadOf } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';

/**
 * Publishes changes to subscribers such as the console. A lost event does no harm: subscribers see the change
 * when they next read the list.
 */
@Injectable()
export class HealingEventPublisher {
  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Publishes in the background, with the present time as `at`. */
  publish<C extends EventContract>(contract: C, payload: Omit<PayloadOf<C>, 'at'>): void {
    this.bus
      .publish(contract, { ...payload, at: new Date().toISOString() } as never)
      .catch((error: unknown) =>
        this.logger.log('healing_event.publish_failed', { error, subject: contract.subject }),
      );
  }
}
