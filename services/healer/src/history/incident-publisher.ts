import { setTimeout as sleep } from 'node:timers/promises';
import { type Incident, newId } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { IncidentRecord } from '../incidents/incident-record.ts';

/** Stores one state of an incident as an event. */
export type PublishIncident = (
  incident: Incident,
  options: { readonly id: string; readonly dedupId: string; readonly traceparent?: string },
) => Promise<unknown>;

const RETRY_MS = 500;
/**
 * Incidents that changed within this time before a restart are published again: it is not known whether they
 * were.
 */
const RECENT_MS = 3_600_000;

/**
 * Publishes the changes of incidents in the background and in order. When changes come faster than they can
 * be published, or the bus is away, only the latest state is published: it has the whole timeline.
 */
export class IncidentPublisher {
  readonly #waiting = new Map<string, IncidentRecord>();
  readonly #published = new Map<string, number>();
  readonly #pumping = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(
    private readonly publish: PublishIncident,
    private readonly logger: Pick<Logger, 'log'>,
  ) {}

  changed(record: IncidentRecord): void {
    const { id, revision } = record.incident;
    if (record.hold_until !== null || (this.#published.get(id) ?? 0) >= revision) return;
    this.#waiting.set(id, record);
    if (this.#pumping.has(id)) return;
    const pump = this.#pump(id).finally(() => this.#pumping.delete(id));
    this.#pumping.set(id, pump);
  }

  /** Publishes again what an earlier healer may not have published. */
  repeat(records: readonly IncidentRecord[], now: number): void {
    for (const record of records) {
      const last = record.incident.timeline.at(-1)?.at ?? record.incident.observed_at;
      if (now - Date.parse(last) < RECENT_MS) this.changed(record);
    }
  }

  /** Publishes what is left, as long as the bus is up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#pumping.values());
  }

  async #pump(id: string): Promise<void> {
    for (let record = this.#waiting.get(id); record; record = this.#waiting.get(id)) {
      const { incident, traceparent } = record;
      try {
        await this.publish(incident, {
          id: newId('event'),
          dedupId: `${id}.${incident.revision}`,
          ...(traceparent ? { traceparent } : {}),
        });
        this.#published.set(id, incident.revision);
        if (this.#waiting.get(id) === record) this.#waiting.delete(id);
      } catch (error) {
        if (this.#stopped) return;
        this.logger.log('incident.publish_failed', { error, incident: id });
        await sleep(RETRY_MS);
      }
    }
    if (this.#published.size > 1000) this.#published.clear();
  }
}
