import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bus } from '@gridworks/bus';
import { newId, reportSymptom, type Symptom, symptomObserved } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { SymptomQueue } from './symptom-queue.ts';
import type { OpenSymptom } from './symptom-tracker.ts';

const RETRY_MS = 250;
const REPORT_DEADLINE_MS = 1000;
const symptomsTotal = counter('monitor_symptoms_total', 'Symptoms published to the healer', [
  'signal',
  'state',
]);

/**
 * Publishes symptoms to the healer through JetStream, not through the outbox: it must work while PostgreSQL
 * is away. While JetStream refuses, or confirms what it does not store, each symptom is also sent to a healer
 * as a request over core NATS, and waits here for the stream.
 */
@Injectable()
export class SymptomPublisher {
  readonly #queue = new SymptomQueue();
  #running: Promise<void> | undefined;
  #closed = false;
  #storing = true;
  /**
   * Symptoms that were reported outside of the stream, and not stored by the healer: `<symptom id>|<state>`.
   */
  readonly #noted = new Set<string>();

  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  publish(published: readonly OpenSymptom[]): void {
    for (const one of published) {
      const { signal, target, state, began_at, suspects, evidence } = one.symptom;
      const facts = { signal, process: target.process, state, began_at, suspects, evidence };
      this.logger.log(state === 'firing' ? 'symptom.firing' : 'symptom.cleared', facts);
      symptomsTotal.labels(signal, state).inc();
      this.#queue.add(one);
    }
    this.#running ??= this.#send().finally(() => {
      this.#running = undefined;
    });
  }

  /** Whether JetStream stores what it confirms, by monitor's own check. */
  storing(works: boolean): void {
    this.#storing = works;
  }

  /**
   * Publishes the open symptoms again, for a healer that has just started: messages that its predecessor held
   * unread in its socket when it ended or froze are redelivered only after half a minute. The event is the
   * same; `occasion` keeps the bus from dropping it as a duplicate.
   */
  async republish(open: readonly OpenSymptom[], occasion: string): Promise<void> {
    for (const { symptom, traceparent } of open) {
      const id = eventId(symptom);
      await this.bus.publish(symptomObserved, symptom, { id, traceparent, dedupId: `${id}:${occasion}` });
    }
  }

  /** Sends what can be sent now, and then stops. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #send(): Promise<void> {
    for (let next = this.#queue.take(); next; next = this.#queue.take()) {
      try {
        // What a stream confirms and does not store would be lost unnoticed.
        if (!this.#storing) throw new Error('JetStream does not keep what it confirms');
        const options = { id: eventId(next.symptom), traceparent: next.traceparent };
        await this.bus.publish(symptomObserved, next.symptom, options);
        this.#queue.sent();
        this.#noted.delete(keyOf(next.symptom));
      } catch (error) {
        this.#queue.failed();
        if (this.#closed) return;
        this.logger.log('symptom.publish_failed', { error, waiting: this.#queue.length });
        await this.#reportDirectly();
        await this.#pause();
      }
    }
  }

  /**
   * Reports each symptom once, outside of the stream. A symptom that the healer has stored need not be
   * published any more.
   */
  async #reportDirectly(): Promise<void> {
    if (this.bus.state() !== 'connected') return;
    for (const one of this.#queue.waiting()) {
      const key = keyOf(one.symptom);
      if (this.#noted.has(key)) continue;
      try {
        const { taken } = await this.bus.request(reportSymptom, one.symptom, {
          deadlineMs: REPORT_DEADLINE_MS,
        });
        if (taken === 'stored' && this.#storing) this.#queue.arrived(one);
        else this.#noted.add(key);
      } catch (error) {
        this.logger.log('symptom.report_failed', { error });
        return;
      }
    }
  }

  /** While the bus is away nothing is sent, so that a state that ends meanwhile need not be published. */
  async #pause(): Promise<void> {
    do await sleep(RETRY_MS);
    while (this.bus.state() !== 'connected' && !this.#closed);
  }
}

const keyOf = ({ id, state }: Symptom): string => `${id}|${state}`;

/** The id of the event is derived from the symptom's, so that a repeated event is stored once. */
function eventId({ id, state, began_at }: Symptom): string {
  const digest = createHash('sha256').update(`${id}|${state}`).digest('hex');
  const tail = BigInt(`0x${digest.slice(0, 24)}`)
    .toString(36)
    .toUpperCase()
    .padStart(13, '0')
    .slice(-13);
  return newId('event', Date.parse(began_at)).slice(0, -13) + tail;
}
