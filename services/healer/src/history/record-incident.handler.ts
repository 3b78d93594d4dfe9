import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { consumerOf, type Incident, incidentChanged } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { HistoryRepository } from './history.repository.ts';

const CONSUMER = consumerOf(incidentChanged);

/** Writes history. While PostgreSQL is away the events wait in the stream; healing does not wait for them. */
@Controller()
export class RecordIncidentHandler {
  constructor(
    private readonly database: Database,
    private readonly history: HistoryRepository,
  ) {}

  @HandleEvent(incidentChanged, { concurrency: 4 })
  async handle(incident: Incident, event: BusEvent<Incident>): Promise<void> {
    await this.database.once(event, CONSUMER, (tx) => this.history.record(tx, incident));
  }
}
