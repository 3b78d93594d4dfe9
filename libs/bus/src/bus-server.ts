import type { CallContext, Logger, RequestMeter } from '@gridworks/observability';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus } from './bus.ts';
import type { HandlerMetadata } from './nest/handler-metadata.ts';
import { unkeptContracts } from './nest/unkept-contracts.ts';
import type { BusEvent } from './wire/cloud-event.ts';

export interface BusServerOptions {
  readonly logger?: Logger | undefined;
  /** Refuse to listen unless every request and every consumer of the service has a handler. Default false. */
  readonly complete?: boolean;
}

/**
 * NestJS's transport over the bus. Requests go to the methods with `@HandleRequest`, events to the methods
 * with `@HandleEvent`. `close()` drains, but leaves the bus connected: the bus belongs to the code that
 * opened it.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('bus');
  readonly #bus: Bus;
  readonly #logger: Logger | undefined;
  readonly #complete: boolean;

  constructor(bus: Bus, options: BusServerOptions = {}) {
    super();
    this.#bus = bus;
    this.#logger = options.logger;
    this.#complete = options.complete ?? false;
  }

  /** Subscribes to all requests, and starts the durable consumers. */
  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  async #listen(): Promise<void> {
    const missing = this.#complete
      ? unkeptContracts(this.#bus.service, new Set(this.messageHandlers.keys()))
      : [];
    if (missing.length > 0) throw new Error(`${this.#bus.service} has no handler for ${missing.join(', ')}`);
    const starting: Promise<unknown>[] = [];
    for (const handler of this.messageHandlers.values()) {
      const metadata = handler.extras as HandlerMetadata | undefined;
      if (metadata?.type === 'request') {
        starting.push(this.#bus.serve(metadata.contract, (input, call) => invoke(handler, input, call)));
      } else if (metadata?.type === 'event') {
        starting.push(
          this.#bus.consume(
            metadata.contract,
            metadata.consumer,
            (event) => invoke(handler, event.payload, event) as Promise<void>,
            metadata.options,
          ),
        );
      }
    }
    await Promise.all(starting);
    this.#logger?.log('bus.handlers_started', { handlers: [...this.messageHandlers.keys()] });
  }

  /** Requests and events whose handlers are running. */
  inFlight(): number {
    return this.#bus.inFlight();
  }

  /** Requests with a response since the start of the process. */
  counts(): { ok: number; failed: number } {
    return this.#bus.counts();
  }

  /** Requests and durations of each contract. */
  meters(): readonly RequestMeter[] {
    return this.#bus.meters();
  }

  /** Takes no new requests and events, finishes those already taken, and sends their responses. */
  drain(): Promise<void> {
    return this.#bus.drain();
  }

  close(): Promise<void> {
    return this.drain();
  }

  on(): never {
    throw new Error('use Bus.onState instead');
  }

  unwrap<T>(): T {
    return this.#bus as unknown as T;
  }
}

async function invoke(
  handler: MessageHandler,
  data: unknown,
  context: CallContext | BusEvent,
): Promise<unknown> {
  const result: unknown = await handler(data, context);
  // Nest returns an observable when the handler failed, or when an interceptor made one.
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}
