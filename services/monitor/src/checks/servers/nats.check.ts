import { Bus, StoreCheck } from '@gridworks/bus';
import { Injectable } from '@nestjs/common';
import type { ServerCheck } from './server-check.ts';

/**
 * Checks NATS over the connection of this process: whether it responds, and whether JetStream stores what it
 * confirms.
 */
@Injectable()
export class NatsCheck implements ServerCheck {
  readonly name = 'nats';
  readonly #store: StoreCheck;

  constructor(private readonly bus: Bus) {
    this.#store = new StoreCheck(bus, 'monitor_store_check');
  }

  async probe(): Promise<string | null> {
    await this.bus.recentRtt();
    return this.bus.serverId();
  }

  store(): Promise<void> {
    return this.#store.run();
  }
}
