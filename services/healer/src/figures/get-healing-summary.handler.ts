import { HandleRequest } from '@gridworks/bus';
import { getHealingSummary, type OutputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { PauseRepository } from '../guards/pause.repository.ts';
import { IncidentPages } from '../history/incident-pages.ts';
import { inPartnerWords } from './partner-words.ts';
import { ServiceIncidents } from './service-incidents.ts';
import { StatsRepository } from './stats.repository.ts';
import { successRate } from './success-rate.ts';

const MONTH_MS = 30 * 24 * 3_600_000;
const LOOKED_THROUGH = 50;

@Controller()
export class GetHealingSummaryHandler {
  constructor(
    private readonly stats: StatsRepository,
    private readonly pages: IncidentPages,
    private readonly incidents: ServiceIncidents,
    private readonly pauses: PauseRepository,
  ) {}

  /**
   * Throws `PLATFORM.UNAVAILABLE` while PostgreSQL is away; the caller then shows the summary that it had
   * before.
   */
  @HandleRequest(getHealingSummary)
  async get(): Promise<OutputOf<typeof getHealingSummary>> {
    const now = new Date();
    const tally = await this.stats.tally(new Date(now.getTime() - MONTH_MS));
    const resolved = await this.pages.page({ limit: LOOKED_THROUGH, status: 'resolved' });
    const healed = resolved.data
      .filter(({ timeline }) => !timeline.some(({ what }) => what === 'escalated'))
      .map(inPartnerWords)
      .find((shown) => shown !== null);
    const past = resolved.data.map(inPartnerWords).filter((shown) => shown !== null);
    const counts = this.incidents.counts();
    return {
      observed_at: now.toISOString(),
      auto_resolved: tally.auto_resolved,
      escalated: tally.escalated,
      success_rate: successRate(tally),
      last_healed: healed ?? null,
      past,
      open: this.incidents.open(),
      open_incidents: counts.open,
      escalated_open: counts.escalated,
      pauses: (await this.pauses.read()).filter(({ effect }) => effect === 'pause').length,
    };
  }
}
