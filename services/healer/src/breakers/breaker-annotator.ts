import type { BreakerChange } from '@gridworks/contracts';
import { nameCalls } from '../captures/describe-errors.ts';
import { explainErrors } from '../captures/explain-errors.ts';
import { cut } from '../captures/gathered-errors.ts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { entry, instant, revise } from '../incidents/revision.ts';

/** How long a change waits for its incident: a breaker opens before the cause is detected. */
const WAITS_MS = 15_000;
const MAX_WAITING = 200;

/** `rpc.billing` guards calls to billing. */
const dependencyOf = (breaker: string): string => breaker.replace(/^rpc\./, '');

/**
 * Adds to an incident's timeline which breakers opened and closed because of it, each once per incident even
 * if it flaps. A breaker alone makes no incident: it only spares a dependency that already fails.
 */
export class BreakerAnnotator {
  #waiting: { readonly change: BreakerChange; readonly until: number }[] = [];
  #polling = false;

  constructor(
    private readonly incidents: IncidentRepository,
    private readonly clock: () => number,
  ) {}

  onBreakerChange(change: BreakerChange): void {
    if (change.to === 'half-open') return;
    this.#waiting.push({ change, until: this.clock() + WAITS_MS });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  /** Adds the waiting changes whose incident exists by now. Called a few times a second. */
  async poll(): Promise<void> {
    if (this.#polling || this.#waiting.length === 0) return;
    this.#polling = true;
    try {
      const now = this.clock();
      const waiting = this.#waiting;
      this.#waiting = [];
      // When the incident was merged away meanwhile, the change waits and another incident is searched for.
      for (const one of waiting)
        if (!(await this.#note(one.change).catch(() => false)) && one.until > now) this.#waiting.push(one);
    } finally {
      this.#polling = false;
    }
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
