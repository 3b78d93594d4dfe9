import type { HealingContext } from '../healing/healing-context.ts';
import type { CaptureState } from '../incidents/capture-state.ts';
import { mergeInto } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import type { CaptureClaims } from './capture-claims.ts';
import { requestMail } from './capture-mail.ts';
import { addErrors, gatheredOf, publishCaptured } from './captured-incident.ts';
import { caughtOf, explainErrors } from './explain-errors.ts';
import type { GatheredErrors } from './gathered-errors.ts';
import { joinErrors } from './join-errors.ts';
import { type CaptureLimits, settleCaptured } from './settle-captured.ts';

/**
 * Drives an incident of caught errors to its end: merged into the incident that caused the errors, resolved,
 * or escalated to a human. The follower never acts. All state is in the record, so any healer can continue.
 */
export class CaptureFollower {
  readonly #startedAt: number;

  constructor(
    private readonly context: HealingContext,
    private readonly claims: CaptureClaims,
    private readonly limits: CaptureLimits,
  ) {
    this.#startedAt = context.clock();
  }

  /**
   * Adds errors to an incident of their group. Null when the incident was removed meanwhile, since its errors
   * belong to another incident.
   */
  async add(id: string, gathered: GatheredErrors): Promise<IncidentRecord | null> {
    const { clock, incidents } = this.context;
    try {
      return await incidents.change(id, (record) => {
        const next = addErrors(record, gathered, clock());
        return next === record ? record : settleCaptured(next, this.limits, clock(), this.#startedAt);
      });
    } catch (error) {
      if (incidents.get(id)) throw error;
      return null;
    }
  }

  /** Does what is due by now. */
  async goOn(record: IncidentRecord): Promise<void> {
    const { clock, incidents, notify } = this.context;
    const { incident, captured, hold_until } = record;
    const now = clock();
    if (captured === null || record.merged_into !== null) return;
    if (hold_until !== null) {
      if (now >= Date.parse(hold_until)) await this.#endHold(record, captured);
      return;
    }
    const over =
      incident.resolved_at !== null && now - Date.parse(incident.resolved_at) > this.limits.recurrenceMs;
    if (record.mail === null && !over) {
      const cause = this.#causeOf(record, captured);
      if (cause) return this.#mergeInto(cause.incident.id, record);
    }
    const settled = await incidents.change(incident.id, (latest) =>
      settleCaptured(latest, this.limits, now, this.#startedAt),
    );
    if (settled.captured?.mail === 'due') await requestMail(settled, this.claims, incidents, notify, now);
  }

  /** The hold is over: by now an incident that caused the errors would have been detected. */
  async #endHold(record: IncidentRecord, captured: CaptureState): Promise<void> {
    const { clock, incidents, notify } = this.context;
    const { id } = record.incident;
    const cause = this.#causeOf(record, captured);
    if (cause) {
      await this.#mergeInto(cause.incident.id, record);
      return;
    }
    const earlier = this.#endedLately(captured);
    if (earlier) {
      await this.add(earlier.incident.id, gatheredOf(record));
      await this.forget(record);
      return;
    }
    const now = clock();
    const published = await incidents.change(id, (latest) =>
      settleCaptured(publishCaptured(latest, now), this.limits, now, this.#startedAt),
    );
    if (published.captured?.mail === 'due') await requestMail(published, this.claims, incidents, notify, now);
  }

  #causeOf({ incident }: IncidentRecord, state: CaptureState): IncidentRecord | null {
    const { name, process } = incident.cause.target;
    return explainErrors(
      caughtOf(name, process, { state, errors: incident.errors }),
      this.context.incidents.all(),
    );
  }

  async #mergeInto(causeId: string, record: IncidentRecord): Promise<void> {
    const { clock, incidents } = this.context;
    const { name, process } = record.incident.cause.target;
    await incidents.change(causeId, (latest) =>
      joinErrors(latest, name, process, gatheredOf(record), clock()),
    );
    if (await this.forget(record)) return;
    await incidents.change(record.incident.id, (one) =>
      one.mail || one.merged_into ? one : mergeInto(one, causeId, clock()),
    );
  }

  /** Removes an incident that was not published. False when another healer has published it meanwhile. */
  async forget({ incident, captured }: IncidentRecord): Promise<boolean> {
    const latest = await this.context.incidents.fresh(incident.id);
    if (latest?.hold_until === null) return false;
    await this.context.incidents.remove(incident.id);
    if (captured) await this.claims.release(captured.group, incident.id);
    return true;
  }

  /** The incident of this group that ended so recently that the new errors belong to it. */
  #endedLately({ group, first_at }: CaptureState): IncidentRecord | undefined {
    return this.context.incidents
      .all()
      .find(
        ({ captured, incident, merged_into }) =>
          captured?.group === group &&
          merged_into === null &&
          incident.resolved_at !== null &&
          Date.parse(first_at) - Date.parse(incident.resolved_at) <= this.limits.recurrenceMs,
      );
  }
}
