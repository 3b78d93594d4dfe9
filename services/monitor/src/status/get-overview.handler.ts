import { HandleRequest } from '@gridworks/bus';
import { getOverview, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { WatchLoop } from '../watch/watch-loop.ts';
import { OtherServices } from './other-services.ts';
import { eventsPart, healthPart } from './overview-parts.ts';

type Overview = OutputOf<typeof getOverview>;

@Controller()
export class GetOverviewHandler {
  constructor(
    private readonly loop: WatchLoop,
    private readonly others: OtherServices,
  ) {}

  /**
   * Each part has its own `observed_at`. A part is null and named in `unknown` when its service does not
   * respond.
   */
  @HandleRequest(getOverview)
  async get(): Promise<Overview> {
    const [accounts, tickets, healing, calls] = await Promise.all([
      this.others.accounts(),
      this.others.tickets(),
      this.others.healingCounts(),
      this.others.calls(),
    ]);
    const parts = {
      accounts,
      tickets: tickets && { by_status: tickets.by_status, observed_at: tickets.observed_at },
      healing,
      calls,
      events: eventsPart(this.loop.eventLogReading(), this.loop.latestPulses()),
    };
    const names = Object.keys(parts) as Overview['unknown'];
    return {
      object: 'overview',
      observed_at: new Date().toISOString(),
      health: healthPart(this.loop.health()),
      ...parts,
      unknown: names.filter((name) => parts[name] === null),
    };
  }
}
