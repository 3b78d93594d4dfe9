import { type EventContract, type Pulse, pulseSchema, pulseSubject } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { readCloudEvent } from './cloud-event.ts';
import type { EventHandler } from './delivery-policy.ts';
import { parseJson } from './safe-json.ts';

/** Hears until `stop`. */
export interface Listening {
  stop(): void;
}

/** Hears what passes by on core NATS: nothing is kept, and junk or a failing handler is logged and left behind. */
export class Listener {
  readonly #nc: NatsConnection;
  readonly #logger: Logger | undefined;

  constructor(nc: NatsConnection, logger: Logger | undefined) {
    this.#nc = nc;
    this.#logger = logger;
  }

  events<C extends EventContract>(contract: C, handler: EventHandler<C>): Listening {
    return this.#hear(contract.subject, (msg) => handler(readCloudEvent(contract, msg.subject, msg.data, 0)));
  }

  pulses(handler: (pulse: Pulse) => void): Listening {
    return this.#hear('pulse.*.*', (msg) => {
      const pulse = pulseSchema.parse(parseJson(msg.data));
      // The subject is what the allow-list lets a service claim to be.
      if (pulseSubject(pulse.service, pulse.instance) === msg.subject) handler(pulse);
    });
  }

  #hear(subject: string, handle: (msg: Msg) => unknown): Listening {
    const subscription = this.#nc.subscribe(subject, {
      callback: (error, msg) => {
        if (error) this.#logger?.error({ error, subject }, 'cannot listen');
        else void this.#try(subject, () => handle(msg));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  async #try(subject: string, work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger?.warn({ error, subject }, 'a listener failed, or what it heard is not of the contract');
    }
  }
}
