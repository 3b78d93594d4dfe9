import { HandleRequest } from '@gridworks/bus';
import { countHealing, type Incident, type OutputOf } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { PauseRepository } from '../guards/pause.repository.ts';
import { withinTime } from '../history/within-time.ts';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { type HistoryCounts, StatsRepository } from './stats.repository.ts';

/** Milliseconds. Monitor waits 500 ms for the whole: the live figures must not wait for history that long. */
const HISTORY_WITHIN_MS = 250;

@Controller()
export class CountHealingHandler {
  constructor(
    private readonly incidents: IncidentRepository,
    private readonly pauses: PauseRepository,
    private readonly stats: StatsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Throws `PLATFORM.UNAVAILABLE` when the pauses cannot be read. */
  @HandleRequest(countHealing)
  async count(): Promise<OutputOf<typeof countHealing>> {
    const now = new Date();
    const live = this.incidents.listed().map(({ record }) => record.incident);
    const [pauses, history] = await Promise.all([this.pauses.read(), this.#history(now, live)]);
    const open = live.filter(({ resolved_at }) => resolved_at === null);
    const escalated = open.filter(({ status }) => status === 'escalated');
    const forgotten = history?.forgotten ?? 0;
    const [latest = null] = escalated.length > 0 ? escalated : open;
    const inForce = pauses.filter(({ effect }) => effect === 'pause');
    return {
      observed_at: now.toISOString(),
      open_incidents: open.length + forgotten,
      escalated_incidents: escalated.length + forgotten,
      latest_open: latest && { id: latest.id, title: latest.title, status: latest.status },
      pauses: inForce.length,
      all_paused: inForce.some(({ scope }) => scope === 'all'),
      history: history && {
        resolved_today: history.resolved,
        auto_resolved_today: history.auto_resolved,
        open_verdicts: history.open_verdicts,
      },
    };
  }

  async #history(now: Date, live: readonly Incident[]): Promise<HistoryCounts | null> {
    const midnight = new Date(now.getTime() - (now.getTime() % 86_400_000));
    const ids = live.map(({ id }) => id);
    try {
      return await withinTime(HISTORY_WITHIN_MS, () => this.stats.counts(midnight, ids));
    } catch (error) {
      this.logger.log('overview.history_unread', { error });
      return null;
    }
  }
}
