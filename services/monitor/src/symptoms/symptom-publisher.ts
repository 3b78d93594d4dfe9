import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bus } from '@gridworks/bus';
import { newId, type Symptom, symptomObserved } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { LOGGER } from '@gridworks/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OpenSymptom } from './symptom-board.ts';
import { SymptomQueue } from './symptom-queue.ts';

const RETRY_MS = 250;
const symptomsTotal = counter('monitor_symptoms_total', 'Symptoms told to the healer', ['signal', 'state']);

/** Tells the healer through JetStream, not through the outbox: it must work while PostgreSQL is the patient. */
@Injectable()
export class SymptomPublisher {
  readonly #queue = new SymptomQueue();
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  tell(told: readonly OpenSymptom[]): void {
    for (const one of told) {
      const { signal, target, state, began_at, suspects, evidence } = one.symptom;
      const facts = { signal, process: target.process, state, began_at, suspects, evidence };
      this.logger[state === 'firing' ? 'warn' : 'info'](facts, 'symptom');
      symptomsTotal.labels(signal, state).inc();
      this.#queue.add(one);
    }
    this.#running ??= this.#send().finally(() => {
      this.#running = undefined;
    });
  }

  /**
   * Tells again what is open, to a healer that has just begun: what its predecessor held unread in its socket when
   * it ended or froze comes back only after half a minute. The event is the same; only the bus must not take it for
   * a repetition, hence `occasion`.
   */
  async tellAgain(open: readonly OpenSymptom[], occasion: string): Promise<void> {
    for (const { symptom, traceparent } of open) {
      const id = eventId(symptom);
      await this.bus.publish(symptomObserved, symptom, { id, traceparent, dedupId: `${id}:${occasion}` });
    }
  }

  /** Sends what can be sent now, and no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #send(): Promise<void> {
    for (let next = this.#queue.take(); next; next = this.#queue.take()) {
      try {
        const options = { id: eventId(next.symptom), traceparent: next.traceparent };
        await this.bus.publish(symptomObserved, next.symptom, options);
        this.#queue.sent();
      } catch (error) {
        this.#queue.failed();
        if (this.#closed) return;
        this.logger.warn({ error, waiting: this.#queue.length }, 'a symptom cannot be told; trying again');
        await this.#pause();
      }
    }
  }

  /** While the bus is away nothing is tried, so that a state that ends meanwhile need not be told. */
  async #pause(): Promise<void> {
    do await sleep(RETRY_MS);
    while (this.bus.state() !== 'connected' && !this.#closed);
  }
}

/** The id of the event follows from the symptom's, so that what is told twice is stored once. */
function eventId({ id, state, began_at }: Symptom): string {
  const digest = createHash('sha256').update(`${id}|${state}`).digest('hex');
  const tail = BigInt(`0x${digest.slice(0, 24)}`)
    .toString(36)
    .toUpperCase()
    .padStart(13, '0')
    .slice(-13);
  return newId('event', Date.parse(began_at)).slice(0, -13) + tail;
}
