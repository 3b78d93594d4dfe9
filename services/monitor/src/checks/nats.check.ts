import { Bus } from '@gridworks/bus';
import { Injectable } from '@nestjs/common';
import type { ServerCheck } from './server-check.ts';

@Injectable()
export class NatsCheck implements ServerCheck {
  readonly name = 'nats';

  constructor(private readonly bus: Bus) {}

  async ask(): Promise<string | null> {
    await this.bus.rtt();
    return this.bus.serverId();
  }
}
