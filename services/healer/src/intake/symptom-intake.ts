import { setTimeout as sleep } from 'node:timers/promises';
import type { Symptom } from '@gridworks/contracts';
import { traceIdOf, withSpan } from '@gridworks/observability';
import { labelOf } from '../guards/pause.ts';
import type { HealingContext } from '../healing/healing-context.ts';
import type { IncidentDriver } from '../healing/incident-driver.ts';
import { type CorrelationWindows, correlate, isSoft } from '../incidents/correlation.ts';
import { absorb, joinSymptom, mergeInto, openIncident, rediagnose, reopen } from '../incidents/incident.ts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';
import { mayBeReopened, recurringIncident, recurs } from '../incidents/recurrence.ts';
import { ruleFor } from '../playbook/playbook.ts';
import { SerialQueue } from '../state/serial-queue.ts';
import { truncateSymptom } from './truncate-symptom.ts';

/**
 * How often to wait for another healer that has just opened an incident of the same process and is about to
 * store it.
 */
const CLAIM_ATTEMPTS = 10;
const CLAIM_PAUSE_MS = 30;

/**
 * Processes symptoms one after the other, and finds or opens the incident that each belongs to. The intake
 * does not act: it hands incidents to the driver and continues with the next symptom.
 */
export class SymptomIntake {
  readonly #queue = new SerialQueue();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly context: HealingContext,
    private readonly driver: IncidentDriver,
    private readonly windows: CorrelationWindows,
  ) {}

  /**
   * Processes one symptom; a repeated one is ignored. Resolves once the incident is stored. Throws
   * `PLATFORM.UNAVAILABLE` while the bus is away: then the symptom must be delivered again.
   */
  observe(symptom: Symptom, traceparent: string | null): Promise<void> {
    const attributes = { signal: symptom.signal, target: symptom.target.process };
    return this.#queue.run(() =>
      withSpan('healer.observe', attributes, () => this.#take(truncateSymptom(symptom), traceparent), {
        ...(traceparent ? { traceparent } : {}),
      }),
    );
  }

  /** Continues incidents that an earlier healer, or this one before its restart, left open. */
  resume(): void {
    const { clock, incidents, limits } = this.context;
    for (const record of incidents.all()) {
      if (isOfCaptures(record)) continue;
      const { id, observed_at, status } = record.incident;
      if (record.hold_until !== null) this.#publishWhenDue(record);
      if (record.hold_until !== null || status === 'resolved' || this.driver.isDriving(id)) continue;
      const observedLongEnough =
        record.gave_up && clock() - Date.parse(observed_at) > limits.observeTarget.forMs;
      if (!observedLongEnough) this.driver.start(id);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #take(symptom: Symptom, traceparent: string | null): Promise<void> {
    const { clock, incidents } = this.context;
    for (let attempt = 1; ; attempt++) {
      const verdict = correlate(symptom, incidents.all(), this.windows);
      switch (verdict.kind) {
        case 'known':
        case 'ignore':
          return;
        case 'join': {
          const again = verdict.reopen && (await this.#recurs(symptom));
          const joined = await incidents.change(verdict.id, (record) =>
            verdict.reopen && record.incident.status === 'resolved'
              ? reopen(record, symptom, clock(), again || record.incident.recurring)
              : joinSymptom(record, symptom, clock()),
          );
          if (joined.hold_until === null) this.driver.start(verdict.id);
          if (joined.incident.status === 'resolved' && symptom.state === 'firing')
            this.#reconsider(symptom, traceparent);
          return;
        }
        case 'rediagnose':
          await this.#rediagnose(verdict.id, verdict.absorb, symptom);
          return;
        case 'open':
          if (await this.#reopenRecurring(symptom)) return;
          if (await this.#open(symptom, traceparent, attempt >= CLAIM_ATTEMPTS)) return;
          await sleep(CLAIM_PAUSE_MS);
      }
    }
  }

  /**
   * False when another incident has the process: then the symptom is correlated again, since it may join that
   * incident.
   */
  async #open(symptom: Symptom, traceparent: string | null, anyway: boolean): Promise<boolean> {
    const { clock, incidents, leases, pauses, playbook, self } = this.context;
    const rule = ruleFor(playbook, symptom.signal, symptom.target);
    const holds = isSoft(symptom.signal) && rule.holdMs > 0;
    const now = clock();
    const opened = openIncident(symptom, {
      now,
      holdUntil: holds ? now + rule.holdMs : null,
      traceparent,
      traceId: traceIdOf(traceparent ?? undefined),
      experiment: labelOf(await pauses.read(), symptom.target, now),
      recurring: await this.#recurs(symptom),
    });
    // This very process decides about the symptom, so it does not hang: the platform has restarted it.
    const aboutMe = symptom.target.process === self && symptom.signal === 'instance.unresponsive';
    const earlier = this.#recurring(symptom);
    const record: IncidentRecord = {
      ...opened,
      ...(aboutMe ? { treating: { signal: 'instance.restarted', target: symptom.target } } : {}),
      // The incident that this one follows has had the mail for both.
      mail: opened.incident.recurring && earlier?.mail?.sent ? earlier.mail : null,
    };
    if (!holds) {
      const lease = await leases.acquire(symptom.target.process, record.incident.id);
      if (!lease.held) {
        await incidents.fresh(lease.by.incident_id);
        if (!anyway) return false;
      }
    }
    await incidents.insert(record);
    if (holds) this.#publishWhenDue(record);
    else this.driver.start(record.incident.id);
    return true;
  }

  /** Whether the process failed too often within minutes. Failures under a label are not counted. */
  async #recurs(symptom: Symptom): Promise<boolean> {
    const { clock, incidents, limits, pauses } = this.context;
    if (!recurs(symptom, incidents.all(), limits.chain)) return false;
    return labelOf(await pauses.read(), symptom.target, clock()) === null;
  }

  #recurring(symptom: Symptom): IncidentRecord | null {
    const { incidents, limits } = this.context;
    return recurringIncident(symptom, incidents.all(), limits.chain);
  }

  /**
   * A process that keeps failing has one incident for all further failures. False when there is none to
   * reopen.
   */
  async #reopenRecurring(symptom: Symptom): Promise<boolean> {
    const { clock, incidents } = this.context;
    if (!(await this.#recurs(symptom))) return false;
    const home = this.#recurring(symptom);
    if (!home || !mayBeReopened(home)) return false;
    await incidents.change(home.incident.id, (record) =>
      record.incident.status === 'resolved'
        ? reopen(record, symptom, clock())
        : joinSymptom(record, symptom, clock()),
    );
    this.driver.start(home.incident.id);
    return true;
  }

  async #rediagnose(id: string, others: readonly string[], symptom: Symptom): Promise<void> {
    const { clock, incidents } = this.context;
    const shadows = others.flatMap((other) => incidents.get(other) ?? []);
    await incidents.change(id, (record) =>
      rediagnose(
        shadows.reduce((whole, other) => absorb(whole, other, clock()), record),
        symptom,
        clock(),
      ),
    );
    for (const { incident, hold_until } of shadows) {
      if (hold_until !== null) await incidents.remove(incident.id);
      else await incidents.change(incident.id, (record) => mergeInto(record, id, clock()));
    }
    this.driver.start(id);
  }

  #publishWhenDue({ incident, hold_until }: IncidentRecord): void {
    const due = Math.max(0, Date.parse(hold_until ?? '') - this.context.clock());
    this.#later(due, () =>
      this.#queue.run(async () => {
        const record = this.context.incidents.get(incident.id);
        if (record && record.hold_until !== null) await this.driver.publish(incident.id);
      }),
    );
  }

  /**
   * The symptom came late and joined an incident that is over. If the target is still unhealthy after the
   * grace time, the symptom has a cause of its own.
   */
  #reconsider(symptom: Symptom, traceparent: string | null): void {
    this.#later(this.context.limits.dependentsGraceMs, async () => {
      const open = this.context.incidents
        .all()
        .some(({ incident }) =>
          incident.symptoms.some(
            ({ id, state }) => id === symptom.id && (state === 'cleared' || incident.resolved_at === null),
          ),
        );
      if (open || (await this.context.prober.probe(symptom.target)).status === 'good') return;
      await this.#queue.run(async () => void (await this.#open(symptom, traceparent, true)));
    });
  }

  #later(ms: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work().catch((error: unknown) => this.context.logger.log('incident.resume_failed', { error }));
    }, ms);
    this.#timers.add(timer);
  }
}
