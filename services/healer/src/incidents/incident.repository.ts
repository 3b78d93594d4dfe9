import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@gridworks/contracts';
import type { Stored, WatchedKeyValue } from '../state/key-value.ts';
import { type IncidentRecord, isOfCaptures } from './incident-record.ts';

/**
 * The bucket holds 16 MiB and a record at most 60 kB: the oldest ended incidents remain in PostgreSQL alone.
 */
const MAX_RECORDS = 200;
const MAX_OF_CAPTURES = 80;
const RETRY_MS = 50;

export interface ListedIncident {
  /** Higher for incidents that became public later. */
  readonly position: number;
  readonly record: IncidentRecord;
}

/**
 * The incidents of all healers, in the bucket `healer_incidents`, and their latest state in memory. While the
 * bus is away a change waits for it: nothing is done that cannot be recorded.
 */
export class IncidentRepository {
  readonly #known = new Map<string, Stored<IncidentRecord>>();
  #closed = false;

  constructor(
    private readonly bucket: WatchedKeyValue<IncidentRecord> & {
      /** Revision of a stored record that cannot be read. */
      unreadableRevision?(id: string): number | undefined;
      unreadableKeys?(): string[];
    },
    /** Called for every change that this healer made. */
    private readonly onChange: (record: IncidentRecord) => void,
  ) {}

  /** Reads all records of the bucket. */
  async load(): Promise<void> {
    const keys = await this.#persistently(() => this.bucket.keys());
    for (const key of keys) await this.#persistently(() => this.fresh(key));
  }

  /** Applies a write that the bucket reports, of any healer; `null`: deleted. */
  onStored(id: string, stored: Stored<IncidentRecord> | null): void {
    const known = this.#known.get(id);
    if (stored === null) this.#known.delete(id);
    else if (!known || known.revision < stored.revision) this.#known.set(id, stored);
  }

  /** All incidents that are open or ended recently, newest first. */
  all(): IncidentRecord[] {
    return [...this.#known.values()]
      .map(({ value }) => value)
      .sort((a, b) => (a.incident.id < b.incident.id ? 1 : -1));
  }

  /**
   * The public incidents, newest first by the time at which they became public. This differs from the order
   * of their ids: a held incident gets its id before others that become public before it.
   */
  listed(): ListedIncident[] {
    return [...this.#known.values()]
      .map((stored) => ({ position: positionOf(stored), record: stored.value }))
      .filter((listed): listed is ListedIncident => listed.position !== null)
      .sort((a, b) => b.position - a.position);
  }

  /** Whether some stored incidents cannot be read and were never known to this healer. */
  isIncomplete(): boolean {
    return (this.bucket.unreadableKeys?.() ?? []).some((id) => !this.#known.has(id));
  }

  get(id: string): IncidentRecord | null {
    return this.#known.get(id)?.value ?? null;
  }

  /** Reads one record from the bucket. */
  async fresh(id: string): Promise<IncidentRecord | null> {
    const stored = await this.bucket.get(id);
    const unreadable = stored === null ? this.bucket.unreadableRevision?.(id) : undefined;
    const known = this.#known.get(id);
    // The stored record cannot be read, but this healer knows its last state: the next change replaces it.
    if (unreadable !== undefined && known) this.#known.set(id, { value: known.value, revision: unreadable });
    else this.onStored(id, stored);
    return this.get(id);
  }

  /** Stores a new incident. Waits for the bus. */
  async insert(record: IncidentRecord): Promise<IncidentRecord> {
    const { id } = record.incident;
    const stamped = { ...record, write_id: randomUUID() };
    await this.#persistently(async () => {
      const revision = await this.bucket.create(id, stamped);
      // The record exists: it is this healer's own write, whose response was lost.
      if (revision === null) await this.fresh(id);
      else this.#known.set(id, { value: stamped, revision });
    });
    this.#forgetOld();
    this.onChange(stamped);
    return stamped;
  }

  /**
   * Changes an incident by compare-and-set, and repeats while other writes come first. `change` gets the
   * latest state and may be called more than once; when it returns the same record nothing is written. Waits
   * for the bus, and after a lost response detects whether the write happened. Throws what `change` throws,
   * and when the incident does not exist.
   */
  async change(id: string, change: (record: IncidentRecord) => IncidentRecord): Promise<IncidentRecord> {
    let attempted: string | null = null;
    const written = await this.#persistently(async () => {
      for (;;) {
        if (!this.#known.has(id) || attempted !== null) await this.fresh(id);
        const known = this.#known.get(id);
        if (!known) throw new Error(`there is no incident ${id}`);
        if (attempted !== null && known.value.write_id === attempted) return known.value;
        const next = change(known.value);
        if (next === known.value) return null;
        attempted = randomUUID();
        const stamped = { ...next, list_position: positionOf(known), write_id: attempted };
        const revision = await this.bucket.update(id, stamped, known.revision);
        if (revision === null) continue;
        this.#known.set(id, { value: stamped, revision });
        return stamped;
      }
    });
    if (written) this.onChange(written);
    return written ?? (this.get(id) as IncidentRecord);
  }

  /** Removes an incident that was not published. */
  async remove(id: string): Promise<void> {
    await this.#persistently(() => this.bucket.delete(id));
    this.#known.delete(id);
  }

  /** Ends all waiting for the bus. */
  close(): void {
    this.#closed = true;
  }

  async #persistently<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (this.#closed || !(error instanceof AppError) || !error.retryable) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  #forgetOld(): void {
    const ended = this.all().filter(
      ({ incident, mail }) => incident.status === 'resolved' && mail?.sent !== false,
    );
    const ofCaptures = ended.filter(isOfCaptures);
    for (const { incident } of [...ended.slice(MAX_RECORDS), ...ofCaptures.slice(MAX_OF_CAPTURES)]) {
      this.#known.delete(incident.id);
      void this.bucket.delete(incident.id).catch(() => undefined);
    }
  }
}

/** Null while the incident is held back. */
const positionOf = ({ value, revision }: Stored<IncidentRecord>): number | null =>
  value.list_position ?? (value.hold_until === null ? revision : null);
