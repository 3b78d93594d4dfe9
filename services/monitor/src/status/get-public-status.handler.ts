import { HandleRequest } from '@gridworks/bus';
import { getPublicStatus, type OutputOf, PUBLIC_SERVICES } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { publicChecks, worst } from '../health/public-health.ts';
import { WatchLoop } from '../watch/watch-loop.ts';
import { keptBriefly } from './kept-briefly.ts';
import { OtherServices } from './other-services.ts';
import { PublicDays } from './public-days.ts';
import { uptimeOf } from './status-days.ts';

type PublicStatus = OutputOf<typeof getPublicStatus>;

/** Anybody may call it often: the response is computed again only after this time, in milliseconds. */
const KEEP_MS = 5000;
const DAYS = 90;
/** The window of the healer's summary. */
const WINDOW_DAYS = 30;
const PAST = 20;

@Controller()
export class GetPublicStatusHandler {
  readonly #read = keptBriefly(KEEP_MS, () => this.#make());

  constructor(
    private readonly loop: WatchLoop,
    private readonly days: PublicDays,
    private readonly others: OtherServices,
  ) {}

  /**
   * At most some seconds old, see `observed_at`. A part is null or empty while its service does not respond.
   */
  @HandleRequest(getPublicStatus)
  get(): Promise<PublicStatus> {
    return this.#read();
  }

  async #make(): Promise<PublicStatus> {
    const [days, healing] = await Promise.all([
      this.days.read(DAYS).catch(() => null),
      this.others.healingSummary(),
    ]);
    const health = this.loop.health();
    const checks = publicChecks(health);
    return {
      object: 'public_status',
      status: worst(checks.map(({ status }) => status)),
      observed_at: health.observed_at,
      components: PUBLIC_SERVICES.map((name) => {
        const own = days?.find((one) => one.name === name);
        const status = checks.find(({ component }) => component === `public:${name}`)?.status;
        const watched = own?.days ?? [];
        return {
          ...{ name, status: status ?? 'unknown', uptime: uptimeOf(watched) },
          days: watched.map(({ day }) => day),
        };
      }),
      healing: healing && {
        observed_at: healing.observed_at,
        window_days: WINDOW_DAYS,
        healed_without_human: healing.auto_resolved,
        heal_rate: healing.success_rate,
        last_healed: healing.last_healed,
      },
      open_incidents: healing?.open ?? null,
      past_incidents: healing?.past.slice(0, PAST) ?? null,
    };
  }
}
