import { withSpan } from '@gridworks/observability';
import { isDisruptive } from '../guards/verdict.ts';
import { describeSpan, describeTrouble } from '../incidents/describe.ts';
import { conclude, decide, escalate, publishHeld, resolve, startVerifying } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { explainDecision, ruleFor } from '../playbook/playbook.ts';
import type { HealingContext } from './healing-context.ts';
import { lookOn } from './look-on.ts';
import { nextStep, type Step } from './next-step.ts';
import { isSuperseded, nextRung, performAct } from './perform-act.ts';
import { type Before, verifyPatient } from './verify-patient.ts';

const LEAST_TIME_MS = 10_000;

/** What a run knows beyond the record; lost with the process, and then simply not known. */
interface Run {
  readonly abort: AbortController;
  /** Processes that were treated as dependents of the cause. */
  readonly treated: Set<string>;
  again: boolean;
  before: Before;
}

/**
 * Drives incidents to their end, each in the background by itself, so that a slow one never holds up another. All
 * that must survive is in the record; a driver that takes an incident over goes on where the record says.
 */
export class IncidentDriver {
  readonly #runs = new Map<string, Run>();
  readonly #work = new Set<Promise<void>>();
  #stopped = false;

  constructor(private readonly context: HealingContext) {}

  /** Begins or goes on, unless it is being driven already. Never throws, never waits. */
  start(id: string): void {
    if (this.#stopped) return;
    const running = this.#runs.get(id);
    if (running) {
      // It may be on its way out already, and not see what has just changed.
      running.again = true;
      return;
    }
    const record = this.context.incidents.get(id);
    if (!record) return;
    const run: Run = {
      abort: new AbortController(),
      treated: new Set(),
      again: false,
      before: { well: [], boot: null },
    };
    this.#runs.set(id, run);
    const { traceparent } = record;
    const work = withSpan('healer.incident', { incident: id }, () => this.#drive(id, run), {
      ...(traceparent ? { traceparent } : {}),
    })
      .catch((error: unknown) => {
        if (!run.abort.signal.aborted)
          this.context.logger.error({ error, incident: id }, 'an incident is not driven on');
      })
      .finally(() => {
        this.#runs.delete(id);
        this.#work.delete(work);
        const { incidents, playbook } = this.context;
        const latest = incidents.get(id);
        if (run.again && latest && nextStep(latest, playbook).do !== 'nothing') this.start(id);
      });
    this.#work.add(work);
  }

  isDriving(id: string): boolean {
    return this.#runs.has(id);
  }

  /** Ends all driving where it stands. The next healer goes on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { abort } of this.#runs.values()) abort.abort(new Error('the healer is stopping'));
    await Promise.allSettled(this.#work);
  }

  async #drive(id: string, run: Run): Promise<void> {
    const { incidents, leases, ledger } = this.context;
    let record = incidents.get(id) as IncidentRecord;
    if (nextStep(record, this.context.playbook).do === 'nothing') return;
    const leased = new Set<string>();
    const lease = async (process: string): Promise<boolean> => {
      if (!(await leases.acquire(process, id)).held) return false;
      leased.add(process);
      return true;
    };
    if (!record.gave_up && !(await lease(record.incident.cause.target.process))) return;
    const renewal = setInterval(() => void this.#renew(id, leased, run), leases.ttlMs / 3);
    const deadline = this.#pageAtDeadline(record);
    try {
      for (;;) {
        run.abort.signal.throwIfAborted();
        record = incidents.get(id) as IncidentRecord;
        const step = nextStep(record, this.context.playbook);
        if (step.do === 'nothing') break;
        if (step.do === 'look-on') {
          await this.#release(id, leased);
          if (!(await lookOn(this.context, record, step.rule, run.abort.signal))) return;
          continue;
        }
        leased.add(record.patient.target.process);
        await this.#take(step, record, run);
      }
      if (record?.incident.status === 'resolved' && record.merged_into === null)
        this.context.notify(id, 'resolved');
    } finally {
      clearInterval(renewal);
      clearTimeout(deadline);
      await ledger.settle(id, 'ended').catch(() => undefined);
      await this.#release(id, leased).catch(() => undefined);
    }
  }

  async #take(step: Step, record: IncidentRecord, run: Run): Promise<void> {
    const { clock, incidents, ledger, pulses } = this.context;
    const { id } = record.incident;
    const { target } = record.patient;
    const abort = run.abort.signal;
    switch (step.do) {
      case 'reconcile': {
        const text = `Nobody knows whether ${step.action.remedy} on ${target.process} was done: the healer ended in between. It is not repeated.`;
        await ledger.settle(id, 'unknown');
        await incidents.change(id, (latest) =>
          latest.incident.actions.some((one) => one.id === step.action.id && one.state === 'intended')
            ? conclude(latest, step.action.id, 'unknown', text, clock())
            : latest,
        );
        return;
      }
      case 'decide': {
        const text = explainDecision(step.rule, target);
        await withSpan('healer.decide', { rule: step.rule.name, target: target.process }, () =>
          incidents.change(id, (latest) =>
            isSuperseded(record, latest) ? latest : decide(latest, { rule: step.rule.name, text }, clock()),
          ),
        );
        return;
      }
      case 'act': {
        const boot = isDisruptive(step.rung.remedy)
          ? (pulses.of(target.process)?.pulse.boot_id ?? null)
          : null;
        run.before = { well: pulses.wellOnes(), boot };
        return performAct(this.context, record, step, abort);
      }
      case 'climb':
        return nextRung(this.context, record, step.why);
      case 'verify':
        await this.#verify(step, record, run);
        return;
      default:
        return;
    }
  }

  async #verify(step: Step & { do: 'verify' }, record: IncidentRecord, run: Run): Promise<void> {
    const { clock, incidents, playbook } = this.context;
    const { id, cause } = record.incident;
    const { target } = record.patient;
    const skipsBoot = step.action.state !== 'done' || step.action.remedy === 'observe-only';
    const before = skipsBoot ? { ...run.before, boot: null } : run.before;
    const text = `Watching ${target.process}: it must be well for ${describeSpan(step.rung.stabilisationMs)} within ${describeSpan(step.rung.verifyTimeoutMs)}.`;
    await incidents.change(id, (latest) =>
      isSuperseded(record, latest) ? latest : startVerifying(latest, text, clock()),
    );
    const seen = await withSpan('healer.verify', { target: target.process }, () =>
      verifyPatient(this.context, record, step, before, run.abort.signal),
    );
    if (seen.outcome === 'superseded') return;
    if (seen.outcome === 'not-well') return nextRung(this.context, record, `Not well: ${seen.why}.`);
    if (seen.outcome === 'well') {
      await incidents.change(id, (latest) =>
        isSuperseded(record, latest) ? latest : resolve(latest, seen.proof, clock()),
      );
      return;
    }
    const { dependent, why } = seen;
    const { process } = dependent.target;
    if (run.treated.has(process) || process === cause.target.process) {
      const reason = `${process} does not become well although ${target.process} is: ${why}.`;
      await incidents.change(id, (latest) => escalate(latest, reason, true, clock()));
      this.context.notify(id, 'escalated');
      return;
    }
    run.treated.add(process);
    const rule = ruleFor(playbook, dependent.signal, dependent.target);
    const told = `${target.process} is well, and ${describeTrouble(dependent.signal, dependent.target)}. ${explainDecision(rule, dependent.target)}`;
    await incidents.change(id, (latest) =>
      isSuperseded(record, latest)
        ? latest
        : decide(latest, { rule: rule.name, text: told, patient: dependent }, clock()),
    );
  }

  /** A soft symptom has waited long enough. */
  async publish(id: string): Promise<void> {
    await this.context.incidents.change(id, (latest) => publishHeld(latest, this.context.clock()));
    this.start(id);
  }

  #pageAtDeadline(record: IncidentRecord): NodeJS.Timeout {
    const { clock, incidents, limits, logger } = this.context;
    const { id, observed_at } = record.incident;
    // An old symptom, or an incident that was taken over, gets the time of one rung first.
    const least = Math.min(limits.escalateAfterMs, LEAST_TIME_MS);
    const due = Math.max(least, Date.parse(observed_at) + limits.escalateAfterMs - clock());
    return setTimeout(() => {
      const reason = `Not over after ${describeSpan(limits.escalateAfterMs)}; an admin is told while the healer goes on.`;
      incidents
        .change(id, (latest) =>
          latest.incident.status === 'resolved' || latest.incident.status === 'escalated'
            ? latest
            : escalate(latest, reason, false, clock()),
        )
        .then(({ incident }) => {
          if (incident.status === 'escalated') this.context.notify(id, 'escalated');
        })
        .catch((error: unknown) =>
          logger.error({ error, incident: id }, 'an overdue incident was not escalated'),
        );
    }, due);
  }

  async #renew(id: string, leased: ReadonlySet<string>, run: Run): Promise<void> {
    for (const process of leased) {
      try {
        const outcome = await this.context.leases.acquire(process, id);
        if (!outcome.held && outcome.by.incident_id === id)
          run.abort.abort(new Error('another healer took over'));
      } catch {
        // The bus is away: nobody else can take it over either.
      }
    }
  }

  async #release(id: string, leased: Set<string>): Promise<void> {
    for (const process of leased) await this.context.leases.release(process, id);
    leased.clear();
  }
}
