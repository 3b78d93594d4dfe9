import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@gridworks/contracts';
import type { PortalClient } from './portal-client.ts';

const POLL_MS = 150;
const POLL_TIMEOUT_MS = 1000;

/** Follows the incidents over the admin API, through outages: a failed read is repeated later. */
export class IncidentWatch {
  readonly #client: PortalClient;
  readonly #token: string;
  readonly #since: number;
  readonly #incidents = new Map<string, Incident>();
  #running = true;
  #done: Promise<void> = Promise.resolve();

  /** `since`: epoch ms; older incidents are ignored. */
  constructor(client: PortalClient, token: string, since: number) {
    this.#client = client;
    this.#token = token;
    this.#since = since;
  }

  start(): void {
    this.#done = this.#poll();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  /** Incidents that were observed since, oldest first. */
  all(): Incident[] {
    return [...this.#incidents.values()].sort((a, b) => a.observed_at.localeCompare(b.observed_at));
  }

  /** The incident about this process, else the first; incidents of caught errors come last. */
  of(process: string): Incident | null {
    const [seen, reported] = [false, true].map((own) =>
      this.all().filter(({ cause }) => (cause.signal === 'errors.captured') === own),
    ) as [Incident[], Incident[]];
    return seen.find(({ cause }) => cause.target.process === process) ?? seen[0] ?? reported[0] ?? null;
  }

  /** Reads once. Throws when the response is no success. */
  async read(): Promise<void> {
    const list = await this.#client.get<{ data: Incident[] }>('/v1/admin/incidents?limit=20', {
      token: this.#token,
      timeoutMs: POLL_TIMEOUT_MS,
    });
    for (const incident of list.data) {
      if (Date.parse(incident.observed_at) < this.#since) continue;
      const known = this.#incidents.get(incident.id);
      if (!known || known.revision <= incident.revision) this.#incidents.set(incident.id, incident);
    }
  }

  async #poll(): Promise<void> {
    while (this.#running) {
      await this.read().catch(() => undefined);
      await sleep(POLL_MS);
    }
  }
}
