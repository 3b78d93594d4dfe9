import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  getIncident,
  INCIDENT_NOT_FOUND,
  type Incident,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { HistoryRepository } from './history.repository.ts';

/** Reads an incident from the live state, and an older one from history. */
@Controller()
export class GetIncidentHandler {
  constructor(
    private readonly incidents: IncidentRepository,
    private readonly history: HistoryRepository,
  ) {}

  @HandleRequest(getIncident)
  async handle({ id }: ParsedInputOf<typeof getIncident>): Promise<Incident> {
    const record = this.incidents.get(id);
    if (record?.hold_until === null) return record.incident;
    const found = record ? null : await this.history.find(id);
    if (!found) throw new AppError(INCIDENT_NOT_FOUND);
    return found;
  }
}
