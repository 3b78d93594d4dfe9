import {
  type EventContract,
  type PayloadOf,
  type Pulse,
  pulseSchema,
  pulseSubject,
} from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { type DroppedMessages, inboxOf } from '../connection/dropped-messages.ts';
import { type BusEvent, ForeignSourceError, readCloudEvent } from '../wire/cloud-event.ts';
import { parseJson } from '../wire/safe-json.ts';
import { hasHeaders } from '../wire/wire-headers.ts';
import type { EventHandler } from './delivery-policy.ts';

/** Receives messages until `stop`. */
export interface Listening {
  stop(): void;
}

/**
 * Receives messages on core NATS: nothing is stored, and an invalid message or a failing handler is logged
 * and skipped.
 */
export class Listener {
  readonly #nc: NatsConnection;
  readonly #dropped: DroppedMessages;
  readonly #logger: Logger | undefined;

  constructor(nc: NatsConnection, dropped: DroppedMessages, logger: Logger | undefined) {
    this.#nc = nc;
    this.#dropped = dropped;
    this.#logger = logger;
  }

  events<C extends EventContract>(contract: C, handler: EventHandler<C>): Listening {
    // The owner of an event waits for the acknowledgement of the stream. A message that a stream or another
    // service was made to send has no such reply subject.
    const fromOwner = inboxOf([contract.owner]);
    return this.#subscribe(contract.subject, (msg) => {
      if (!fromOwner(msg.reply ?? ''))
        return this.#dropped.drop(contract.subject, 'foreign-reply', msg.reply);
      if (msg.subject !== contract.subject)
        return this.#dropped.drop(contract.subject, 'stream-delivery', msg.reply);
      let event: BusEvent<PayloadOf<C>>;
      try {
        event = readCloudEvent(contract, msg.subject, msg.data, 0);
      } catch (error) {
        if (error instanceof ForeignSourceError)
          return this.#dropped.drop(contract.subject, 'foreign-source');
        throw error;
      }
      return handler(event);
    });
  }

  pulses(handler: (pulse: Pulse) => void): Listening {
    return this.#subscribe('pulse.*.*', (msg) => {
      const pulse = pulseSchema.parse(parseJson(msg.data));
      // The allow-list fixes the subject, so the subject proves which service and instance sent the pulse. A
      // pulse has no reply subject and is in no stream.
      if (pulseSubject(pulse.service, pulse.instance) !== msg.subject)
        this.#dropped.drop('pulse.*.*', 'foreign-source');
      else if (msg.reply || hasHeaders(msg)) this.#dropped.drop('pulse.*.*', 'stream-delivery', msg.reply);
      else handler(pulse);
    });
  }

  #subscribe(subject: string, handle: (msg: Msg) => unknown): Listening {
    const subscription = this.#nc.subscribe(subject, {
      callback: (error, msg) => {
        if (error) this.#logger?.log('subscription.failed', { error, subject });
        else void this.#try(subject, () => handle(msg));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  async #try(subject: string, work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger?.log('subscription.handler_failed', { error, subject });
    }
  }
}
