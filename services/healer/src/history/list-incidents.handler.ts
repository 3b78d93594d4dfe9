import { HandleRequest } from '@gridworks/bus';
import { listIncidents, listPage, type OutputOf, type ParsedInputOf, pageOf } from '@gridworks/contracts';
import { currentContext, type Logger, runInContext } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { HistoryRepository } from './history.repository.ts';
import { IncidentPages } from './incident-pages.ts';
import { mergeIncidents, type ReadHistory } from './merge-incidents.ts';

/**
 * Milliseconds. History is not waited for longer: the live incidents are needed most while PostgreSQL is
 * down.
 */
const HISTORY_WITHIN_MS = 1500;
/**
 * Incidents with these statuses are in the live state. History is not read for them: it may hold such a
 * status for an incident that no healer drives any more.
 */
const GOING_ON = ['open', 'acting', 'verifying'];

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
    let historyIsAway = false;
    const read: ReadHistory = async (range) => {
      if (historyIsAway || (status && GOING_ON.includes(status))) return [];
      try {
        return await withinTime(() => this.history.page(range, status ?? null));
      } catch (error) {
        this.logger.warn({ error }, 'the list of incidents lacks what only history knows');
        historyIsAway = true;
        return [];
      }
    };
    const rows = await mergeIncidents(live, { after, before, status: status ?? null }, limit + 1, read);
    const partial = historyIsAway || this.incidents.isIncomplete();
    return { ...listPage(listIncidents, pageOf(rows, limit, before !== null)), partial };
  }
}

function withinTime<T>(work: () => Promise<T>): Promise<T> {
  const context = currentContext();
  if (!context) return work();
  const due = Date.now() + HISTORY_WITHIN_MS;
  return runInContext({ ...context, deadlineAt: Math.min(context.deadlineAt ?? due, due) }, work);
}
