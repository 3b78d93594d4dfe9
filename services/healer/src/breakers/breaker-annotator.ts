import type { BreakerChange } from '@gridworks/contracts';
import { nameCalls } from '../captures/describe-errors.ts';
import { explainErrors } from '../captures/explain-errors.ts';
import { cut } from '../captures/gathered-errors.ts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import { IncidentNotes } from '../incidents/incident-notes.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, instant, revise } from '../incidents/revision.ts';

/** `rpc.billing` guards calls to billing. */
const dependencyOf = (breaker: string): string => breaker.replace(/^rpc\./, '');

/**
 * Adds to an incident's timeline which breakers opened and closed because of it, each once per incident even
 * if it flaps. A breaker alone makes no incident: it only spares a dependency that already fails.
 */
export class BreakerAnnotator {
  readonly #notes: IncidentNotes<BreakerChange>;

  constructor(
    private readonly incidents: IncidentRepository,
    private readonly clock: () => number,
  ) {
    this.#notes = new IncidentNotes((change) => this.#note(change), clock);
  }

  onBreakerChange(change: BreakerChange): void {
    if (change.to !== 'half-open') this.#notes.add(change);
  }

  /** Adds the waiting changes whose incident exists by now. Called a few times a second. */
  poll(): Promise<void> {
    return this.#notes.poll();
  }

  async #note(change: BreakerChange): Promise<boolean> {
    const home = this.#homeOf(change);
    if (!home) return false;
    await this.incidents.change(home.incident.id, (latest) => annotateBreaker(latest, change, this.clock()));
    return true;
  }

  #homeOf({ at, breaker, instance, service }: BreakerChange): IncidentRecord | null {
    const moment = Date.parse(at);
    const dependency = dependencyOf(breaker);
    const records = this.incidents.all();
    const times = { firstAt: moment, lastAt: moment };
    const caught = { service, process: instance, dependency, ...times, lasting: false };
    return (
      explainErrors(caught, records) ??
      records.find(
        ({ captured, hold_until, incident, merged_into }) =>
          captured !== null &&
          hold_until === null &&
          merged_into === null &&
          captured.dependency === dependency &&
          incident.cause.target.process === instance &&
          incident.status !== 'resolved',
      ) ??
      null
    );
  }
}

/** Adds the opening once, and the closing once after it. */
export function annotateBreaker(record: IncidentRecord, change: BreakerChange, now: number): IncidentRecord {
  const dependency = dependencyOf(change.breaker);
  const opened = `${change.instance} opened its breaker for ${nameCalls(dependency)}`;
  const closed = `${change.instance} closed its breaker for ${nameCalls(dependency)}`;
  const says = (start: string) => record.incident.timeline.some(({ text }) => text.startsWith(start));
  const start = change.to === 'open' ? opened : closed;
  if (says(start) || (change.to === 'closed' && !says(opened))) return record;
  const text = `${start} at ${instant(Date.parse(change.at))}: ${cut(change.reason, 160)}.`;
  return revise(record, {}, [entry(now, 'joined', text)]);
}
