import { HandleRequest } from '@gridworks/bus';
import { getOverview, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { WatchLoop } from '../watch/watch-loop.ts';
import { OtherServices } from './other-services.ts';

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
  async get(): Promise<OutputOf<typeof getOverview>> {
    const [accounts, tickets, healing] = await Promise.all([
      this.others.accounts(),
      this.others.tickets(),
      this.others.healing(),
    ]);
    const { status, observed_at } = this.loop.health();
    return {
      object: 'overview',
      observed_at: new Date().toISOString(),
      health: { status, observed_at },
      accounts,
      tickets: tickets && { by_status: tickets.by_status, observed_at: tickets.observed_at },
      healing: healing && {
        open_incidents: healing.open_incidents,
        escalated_incidents: healing.escalated_open,
        pauses: healing.pauses,
        observed_at: healing.observed_at,
      },
      unknown: [
        ...(accounts ? [] : (['accounts'] as const)),
        ...(tickets ? [] : (['tickets'] as const)),
        ...(healing ? [] : (['healing'] as const)),
      ],
    };
  }
}
