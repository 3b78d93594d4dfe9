import { HandleRequest } from '@gridworks/bus';
import { listIncidents, listPage, type OutputOf, type ParsedInputOf, pageOf } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { HistoryRepository } from './history.repository.ts';
import { IncidentPages } from './incident-pages.ts';
import { mergeIncidents, type ReadHistory } from './merge-incidents.ts';
import { statusInHistory } from './status-filter.ts';
import { withinTime } from './within-time.ts';

/**
 * Milliseconds. History is not waited for longer: the live incidents are needed most while PostgreSQL is
 * down.
 */
const HISTORY_WITHIN_MS = 1500;

/**
 * Lists incidents from the live state and from history; a filter other than the status reads history alone.
 * When a part cannot be read, it is left out and `partial` is true.
 */
@Controller()
export class ListIncidentsHandler {
  constructor(
    private readonly incidents: IncidentRepository,
    private readonly history: HistoryRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly pages: IncidentPages,
  ) {}

  @HandleRequest(listIncidents)
  async handle(query: ParsedInputOf<typeof listIncidents>): Promise<OutputOf<typeof listIncidents>> {
    const { limit, status, starting_after: after = null, ending_before: before = null } = query;
    if (query.from || query.to || query.service || query.signal || query.decider)
      return { ...listPage(listIncidents, await this.pages.page(query)), partial: false };
    const live = this.incidents.listed().map(({ record }) => record.incident);
    const stored = statusInHistory(status ?? null);
    let historyIsAway = false;
    const read: ReadHistory = async (range) => {
      if (historyIsAway || stored === undefined) return [];
      try {
        return await withinTime(HISTORY_WITHIN_MS, () => this.history.page(range, stored));
      } catch (error) {
        this.logger.log('incident.history_unread', { error });
        historyIsAway = true;
        return [];
      }
    };
    const rows = await mergeIncidents(live, { after, before, status: status ?? null }, limit + 1, read);
    const partial = historyIsAway || this.incidents.isIncomplete();
    return { ...listPage(listIncidents, pageOf(rows, limit, before !== null)), partial };
  }
}
