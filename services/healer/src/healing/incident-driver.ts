import { withSpan } from '@gridworks/observability';
import { endsProcess } from '../guards/guard-decision.ts';
import { publishHeld } from '../incidents/incident.ts';
import { mailOfEnd } from '../incidents/incident-mail.ts';
import { type IncidentRecord, isOfCaptures } from '../incidents/incident-record.ts';
import { conclude, decide } from '../incidents/treatment.ts';
import { explainDecision } from '../playbook/playbook.ts';
import type { HealingContext } from './healing-context.ts';
import { HeldLeases } from './held-leases.ts';
import { nextStep, type Step } from './next-step.ts';
import { observeTarget } from './observe-target.ts';
import { pageAtDeadline } from './page-at-deadline.ts';
import { isSuperseded, nextRung, performAct } from './perform-act.ts';
import { prove } from './prove.ts';
import type { Before } from './verify-target.ts';

/** What a run knows beyond the record. It is lost with the process, and healing works without it. */
interface Run {
  readonly abort: AbortController;
  /** Processes that were treated as dependents of the cause. */
  readonly treated: Set<string>;
  before: Before;
  /** The incident changed while this run may have been about to end. */
  again: boolean;
}

/**
 * Drives incidents to their end. Each runs in the background by itself, so that a slow one never delays
 * another. All state that must survive is in the record; a driver that takes an incident over continues from
 * the record.
 */
export class IncidentDriver {
  readonly #runs = new Map<string, Run>();
  readonly #work = new Set<Promise<void>>();
  #stopped = false;

  constructor(private readonly context: HealingContext) {}

  /** Begins a run, or has the present run check the incident again. Never throws, never waits. */
  start(id: string): void {
    if (this.#stopped) return;
    const running = this.#runs.get(id);
    const record = this.context.incidents.get(id);
    if (running) running.again = true;
    else if (record && !isOfCaptures(record)) this.#begin(id);
  }

  isDriving(id: string): boolean {
    return this.#runs.has(id);
  }

  /** Publishes an incident whose soft symptom has been held long enough. */
  async publish(id: string): Promise<void> {
    await this.context.incidents.change(id, (latest) => publishHeld(latest, this.context.clock()));
    this.start(id);
  }

  /** Stops all runs at once. The next healer continues them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { abort } of this.#runs.values()) abort.abort(new Error('the healer is stopping'));
    await Promise.allSettled(this.#work);
  }

  #begin(id: string): void {
    const { incidents, logger, playbook } = this.context;
    const run: Run = {
      abort: new AbortController(),
      treated: new Set(),
      before: { healthy: [], boot: null },
      again: false,
    };
    this.#runs.set(id, run);
    const traceparent = incidents.get(id)?.traceparent ?? undefined;
    const work = withSpan('healer.incident', { incident: id }, () => this.#drive(id, run), { traceparent })
      .catch((error: unknown) => {
        if (!run.abort.signal.aborted) logger.log('incident.healing_interrupted', { error, incident: id });
      })
      .finally(() => {
        this.#runs.delete(id);
        this.#work.delete(work);
        const latest = incidents.get(id);
        if (run.again && latest && nextStep(latest, playbook).do !== 'nothing') this.start(id);
      });
    this.#work.add(work);
  }

  async #drive(id: string, run: Run): Promise<void> {
    const { incidents, leases, ledger, notify, playbook } = this.context;
    let record = incidents.get(id) as IncidentRecord;
    if (nextStep(record, playbook).do === 'nothing') return;
    const held = new HeldLeases(leases, id, () => run.abort.abort(new Error('another healer took over')));
    let deadline: NodeJS.Timeout | undefined;
    try {
      if (!record.gave_up && !(await held.claim(record.incident.cause.target.process))) return;
      deadline = pageAtDeadline(this.context, record);
      for (;;) {
        run.abort.signal.throwIfAborted();
        record = incidents.get(id) as IncidentRecord;
        const step = nextStep(record, playbook);
        if (step.do === 'nothing') break;
        if (step.do === 'observe-target') {
          await ledger.settle(id, 'ended');
          await held.release();
          if (!(await observeTarget(this.context, record, step.rule, run.abort.signal))) return;
          continue;
        }
        held.keep(record.treating.target.process);
        await this.#take(step, record, run);
      }
      if (record.incident.status === 'resolved' && record.merged_into === null) notify(id, mailOfEnd(record));
    } finally {
      clearTimeout(deadline);
      // An act with an unknown outcome is settled by the healer that continues the incident.
      const pending = incidents.get(id)?.incident.actions.some(({ state }) => state === 'intended');
      if (!pending) await ledger.settle(id, 'ended').catch(() => undefined);
      await held.end();
    }
  }

  async #take(step: Step, record: IncidentRecord, run: Run): Promise<void> {
    const { clock, incidents, ledger, pulses } = this.context;
    const { id } = record.incident;
    const { process } = record.treating.target;
    const abort = run.abort.signal;
    switch (step.do) {
      case 'reconcile': {
        const { id: actionId, remedy } = step.action;
        const text = `It is not known whether ${remedy} on ${process} was done: the healer ended in between. The action is not repeated.`;
        await ledger.settle(id, 'unknown');
        await incidents.change(id, (latest) =>
          latest.incident.actions.some((one) => one.id === actionId && one.state === 'intended')
            ? conclude(latest, actionId, 'unknown', text, clock())
            : latest,
        );
        return;
      }
      case 'decide': {
        const decision = { rule: step.rule.name, text: explainDecision(step.rule, record.treating.target) };
        await withSpan('healer.decide', { rule: step.rule.name, target: process }, () =>
          incidents.change(id, (latest) =>
            isSuperseded(record, latest) ? latest : decide(latest, decision, clock()),
          ),
        );
        return;
      }
      case 'act': {
        const boot = endsProcess(step.rung.remedy) ? (pulses.of(process)?.pulse.boot_id ?? null) : null;
        run.before = { healthy: pulses.healthyOnes(), boot };
        return performAct(this.context, record, step, abort);
      }
      case 'climb':
        return nextRung(this.context, record, step.why);
      case 'verify':
        return prove(this.context, record, step, run, abort);
      default:
        return;
    }
  }
}
