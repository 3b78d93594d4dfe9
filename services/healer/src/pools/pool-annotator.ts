import type { PoolChange } from '@gridworks/contracts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import { IncidentNotes, NOTE_WAITS_MS } from '../incidents/incident-notes.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, revise } from '../incidents/revision.ts';

/** A level that comes and goes has this many lines in an incident. */
const MOST_LINES = 24;

type Change = PoolChange['changes'][number];

interface Note {
  readonly instance: string;
  readonly change: Change;
  readonly totals: Pick<PoolChange, 'queued_total' | 'refused_total'>;
}

/** Adds to the incident of a pool that runs out when it did, what the process did about it, and when it was over. */
export class PoolAnnotator {
  readonly #notes: IncidentNotes<Note>;

  constructor(
    private readonly incidents: IncidentRepository,
    private readonly clock: () => number,
  ) {
    this.#notes = new IncidentNotes((note) => this.#note(note), clock);
  }

  onPoolChange({ changes, instance, queued_total, refused_total }: PoolChange): void {
    for (const change of changes)
      this.#notes.add({ instance, change, totals: { queued_total, refused_total } });
  }

  /** Adds the waiting changes whose incident exists by now. Called a few times a second. */
  poll(): Promise<void> {
    return this.#notes.poll();
  }

  async #note({ change, instance, totals }: Note): Promise<boolean> {
    const at = Date.parse(change.at);
    const home = this.incidents
      .all()
      .find(
        ({ incident: { cause, observed_at, resolved_at }, hold_until, merged_into }) =>
          hold_until === null &&
          merged_into === null &&
          cause.signal === 'pool.exhausting' &&
          cause.target.process === instance &&
          at > Date.parse(observed_at) - NOTE_WAITS_MS &&
          (resolved_at === null || at < Date.parse(resolved_at) + NOTE_WAITS_MS),
      );
    if (!home) return false;
    await this.incidents.change(home.incident.id, (latest) =>
      annotatePool(latest, change, totals, this.clock()),
    );
    return true;
  }
}

export function annotatePool(
  record: IncidentRecord,
  change: Change,
  totals: Note['totals'],
  now: number,
): IncidentRecord {
  const { timeline } = record.incident;
  if (timeline.filter(({ text }) => text.includes(' of the connections are ')).length >= MOST_LINES)
    return record;
  return revise(record, {}, [entry(now, 'joined', describeChange(change, totals))]);
}

/** The sentence of a change: the share in use, what it means, and what the process does about it. */
export function describeChange(change: Change, totals: Note['totals']): string {
  const { at, from, in_use, max, queued, to } = change;
  const share = `${at.slice(11, 23)}: ${Math.round((100 * in_use) / max)} % of the connections are in use (${in_use} of ${max})`;
  const waiting = queued > 0 ? `, ${queued} requests wait` : '';
  if (to === 'emergency')
    return `${share}${waiting}: emergency. Only critical requests get a connection; others wait or are refused with a time to come back.`;
  if (to === 'normal')
    return `${share}: normal. Since the process began ${totals.queued_total} requests waited and were served, ${totals.refused_total} were refused.`;
  if (from === 'emergency')
    return `${share}${waiting}: recovered. Waiting requests are served as connections are returned.`;
  return `${share}${waiting}: warning. Normal requests wait, at most 5 connections for each caller; identical reads share one.`;
}
