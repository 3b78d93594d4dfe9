import type { Bus } from '@gridworks/bus';
import { type CapturedError, errorCaptured, errorCaptureSchema } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { ErrorCapture } from '@gridworks/resilience';
import type { ServiceInfo } from '../process/service-info.ts';
import { ByteBudget } from './byte-budget.ts';
import { RepeatShortener } from './shorten-repeats.ts';

export interface CaptureSinkOptions {
  readonly bus: Pick<Bus, 'publish' | 'state'>;
  readonly info: Pick<ServiceInfo, 'service' | 'instance'>;
  readonly logger?: Logger | undefined;
  /** Captures that the reporter had to drop since the start of the process. */
  readonly dropped: () => number;
  readonly budget?: ByteBudget;
  readonly shortener?: RepeatShortener;
}

/**
 * One message on its way. It is not changed, so that the stream recognises it when the acknowledgement was
 * lost.
 */
interface Shipment {
  readonly id: string;
  readonly captures: readonly CapturedError[];
}

// Well below the 1 MB that a message of NATS may have.
const MESSAGE_BYTES = 200_000;
const MESSAGE_CAPTURES = 100;
/** The size of an event without its captures. */
const ENVELOPE_BYTES = 600;
// Business events share the stream, which refuses all events when it is full.
const BURST_BYTES = 256 * 1024;
const BYTES_PER_SECOND = 512;

/**
 * The destination of a reporter's captures: JetStream, as `event.<service>.error.captured`, each in one
 * stored message even when it has to be sent again. Rejects when the bus is away or this process has used up
 * its share.
 */
export class BusCaptureSink {
  /** Captures that did not fit their contract. */
  invalid = 0;
  /** How often a batch had to wait: no bus, or no budget. */
  deferred = 0;
  readonly #options: CaptureSinkOptions;
  readonly #budget: ByteBudget;
  readonly #shortener: RepeatShortener;
  /** The stored captures of a batch that is not complete yet, by id. */
  readonly #stored = new Set<string>();
  readonly #shipments = new Map<string, Shipment>();
  #running: Promise<void> = Promise.resolve();

  constructor(options: CaptureSinkOptions) {
    this.#options = options;
    this.#budget = options.budget ?? new ByteBudget({ burst: BURST_BYTES, bytesPerSecond: BYTES_PER_SECOND });
    this.#shortener = options.shortener ?? new RepeatShortener();
  }

  /**
   * Resolves once the whole batch is stored. Captures that were stored before a rejection are not sent again.
   */
  send(batch: readonly ErrorCapture[]): Promise<void> {
    // A reporter that stopped waiting must not send at the same time as the attempt that it gave up.
    const sending = this.#running.then(() => this.#send(batch));
    this.#running = sending.catch(() => {
      this.deferred++;
    });
    return sending;
  }

  async #send(batch: readonly ErrorCapture[]): Promise<void> {
    this.#forgetAllBut(batch);
    for (const shipment of new Set(this.#shipments.values())) await this.#publish(shipment);
    for (;;) {
      const left = batch.filter(({ id }) => !this.#stored.has(id));
      if (left.length === 0) break;
      await this.#publish(this.#load(left));
    }
    this.#forgetAllBut([]);
  }

  /** As many captures as the budget allows. Throws when it allows none. */
  #load(left: readonly ErrorCapture[]): Shipment {
    const captures: CapturedError[] = [];
    let bytes = ENVELOPE_BYTES;
    const most = Math.min(MESSAGE_BYTES, this.#budget.available());
    for (const capture of left.slice(0, MESSAGE_CAPTURES)) {
      const fitting = errorCaptureSchema.safeParse(this.#shortener.shorten(capture));
      if (!fitting.success) {
        this.#leaveOut(capture, fitting.error);
        continue;
      }
      const size = Buffer.byteLength(JSON.stringify(fitting.data)) + 1;
      if (bytes + size > most) break;
      bytes += size;
      captures.push(fitting.data);
      this.#shortener.reported(capture);
    }
    const [first] = captures;
    if (first && this.#budget.take(bytes)) {
      const shipment = { id: `captures-${first.id}`, captures };
      for (const { id } of captures) this.#shipments.set(id, shipment);
      return shipment;
    }
    if (left.every(({ id }) => this.#stored.has(id))) return { id: '', captures: [] };
    throw new Error('this process has reported more errors than its share; the rest waits');
  }

  async #publish({ id, captures }: Shipment): Promise<void> {
    if (captures.length === 0) return;
    const { bus, info, dropped } = this.#options;
    if (bus.state() !== 'connected') throw new Error('the bus is away');
    const { service, instance } = info;
    await bus.publish(
      errorCaptured[service],
      { service, instance, captures: [...captures], dropped: dropped() },
      { id },
    );
    for (const capture of captures) {
      this.#stored.add(capture.id);
      this.#shipments.delete(capture.id);
    }
  }

  #leaveOut(capture: ErrorCapture, error: unknown): void {
    this.invalid++;
    this.#stored.add(capture.id);
    this.#options.logger?.log('captured_error.invalid', { error, source: capture.source });
  }

  #forgetAllBut(batch: readonly ErrorCapture[]): void {
    const ids = new Set(batch.map(({ id }) => id));
    for (const id of this.#stored) if (!ids.has(id)) this.#stored.delete(id);
    for (const [id, { captures }] of this.#shipments)
      if (!captures.some((capture) => ids.has(capture.id))) this.#shipments.delete(id);
  }
}
