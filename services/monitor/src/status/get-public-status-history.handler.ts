import { HandleRequest } from '@gridworks/bus';
import { getPublicStatusHistory, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { keptBriefly } from './kept-briefly.ts';
import { PublicDays } from './public-days.ts';
import { uptimeOf } from './status-days.ts';

type History = OutputOf<typeof getPublicStatusHistory>;

/** Days change slowly: they are read again after this time, in milliseconds. */
const KEEP_MS = 10_000;
/** The days that are kept; a request for fewer gets the last of them. */
const MAX_DAYS = 400;

@Controller()
export class GetPublicStatusHistoryHandler {
  readonly #read = keptBriefly(KEEP_MS, async () => ({
    components: await this.days.read(MAX_DAYS),
    observedAt: new Date().toISOString(),
  }));

  constructor(private readonly days: PublicDays) {}

  /** Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away. */
  @HandleRequest(getPublicStatusHistory)
  async get({ days }: ParsedInputOf<typeof getPublicStatusHistory>): Promise<History> {
    const { components, observedAt } = await this.#read();
    return {
      object: 'public_status_history',
      observed_at: observedAt,
      components: components.map((one) => {
        const shown = one.days.slice(-days);
        return { name: one.name, uptime: uptimeOf(shown), days: shown.map(({ day }) => day) };
      }),
    };
  }
}
