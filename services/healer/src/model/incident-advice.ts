import type { Logger } from '@gridworks/observability';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, revise } from '../incidents/revision.ts';
import { plainLine } from './plain-text.ts';

/** Adds the model's verdict about an error to the incident that shows it. Never throws, never waits. */
export interface ModelAdvice {
  /** Adds a line to the newest incident that shows this error; does nothing when there is none. */
  advise(fingerprint: string, text: string): void;
}

const MAX_LINE = 500;

/** Adds a line to the timeline and nothing else: neither the actions nor the decider change. */
export class IncidentAdvice implements ModelAdvice {
  constructor(
    private readonly incidents: Pick<IncidentRepository, 'all' | 'change'>,
    private readonly clock: () => number,
    private readonly logger: Pick<Logger, 'log'>,
  ) {}

  advise(fingerprint: string, text: string): void {
    const shows = ({ incident, merged_into }: IncidentRecord) =>
      merged_into === null && incident.errors.some((error) => error.fingerprint === fingerprint);
    const id = this.incidents.all().find(shows)?.incident.id;
    if (id === undefined) return;
    const line = plainLine(text, MAX_LINE);
    this.incidents
      .change(id, (record) =>
        record.incident.timeline.some((known) => known.text === line)
          ? record
          : revise(record, {}, [entry(this.clock(), 'observed', line)]),
      )
      .catch((error: unknown) => this.logger.log('incident.advice_failed', { error, incident: id }));
  }
}
