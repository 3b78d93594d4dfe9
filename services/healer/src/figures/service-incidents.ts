import type { ServiceIncident } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { inPartnerWords } from './partner-words.ts';

const SHOWN_MS = 24 * 3_600_000;
const AT_MOST = 50;

/** Incidents that affect partners, read from the live state, which is available while PostgreSQL is away. */
@Injectable()
export class ServiceIncidents {
  constructor(private readonly incidents: IncidentRepository) {}

  /** Open, or resolved in the last 24 hours; newest first. */
  recent(now: number): ServiceIncident[] {
    return this.#public()
      .filter(({ resolved_at }) => resolved_at === null || now - Date.parse(resolved_at) < SHOWN_MS)
      .slice(0, AT_MOST);
  }

  open(): ServiceIncident[] {
    return this.#public().filter(({ resolved_at }) => resolved_at === null);
  }

  /** Counts all open incidents, whether they affect partners or not. */
  counts(): { open: number; escalated: number } {
    const open = this.incidents.listed().filter(({ record }) => record.incident.resolved_at === null);
    const escalated = open.filter(({ record }) => record.incident.status === 'escalated');
    return { open: open.length, escalated: escalated.length };
  }

  #public(): ServiceIncident[] {
    return this.incidents.listed().flatMap(({ record }) => {
      const shown = inPartnerWords(record.incident);
      return shown ? [shown] : [];
    });
  }
}
