import type { Bus } from '@gridworks/bus';
import { type PoolChange, poolChanged, type ServiceName } from '@gridworks/contracts';
import type { Logger, PoolUse } from '@gridworks/observability';
import type { PoolTransition } from './pool-gate.ts';

/** A shortage that is over by then was served, and is not reported. Milliseconds. */
const FIRST_AFTER_MS = 600;
const EVERY_MS = 1000;
const MOST_CHANGES = 20;

export interface PoolPublisherOptions {
  readonly bus: Pick<Bus, 'publish' | 'state'>;
  readonly service: ServiceName;
  readonly instance: string;
  readonly logger: Logger;
  readonly use: () => PoolUse;
}

/**
 * Publishes the changes of a pool's level that last: in the log and as `event.<service>.pool.changed`, without a
 * guarantee, at most once a second.
 */
export class PoolPublisher {
  readonly #options: PoolPublisherOptions;
  #pending: PoolTransition[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PoolPublisherOptions) {
    this.#options = options;
  }

  onTransition(transition: PoolTransition): void {
    this.#pending.push(transition);
    if (this.#pending.length > MOST_CHANGES) this.#pending.shift();
    this.#timer ??= setTimeout(() => this.#publish(), FIRST_AFTER_MS).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #publish(): void {
    const changes = this.#pending;
    this.#pending = [];
    this.#timer = undefined;
    if (changes.length === 0 || (changes[0]?.from === 'normal' && changes.at(-1)?.to === 'normal')) return;
    this.#timer = setTimeout(() => this.#publish(), EVERY_MS).unref();
    const { bus, instance, logger, service, use } = this.#options;
    const { queued_total, refused_total } = use();
    logger.log('pool.changed', { ...changes.at(-1), changes: changes.length, queued_total, refused_total });
    if (bus.state() !== 'connected') return;
    const event: PoolChange = {
      service,
      instance,
      changes: changes.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
      queued_total,
      refused_total,
    };
    bus
      .publish(poolChanged[service], event)
      .catch((error: unknown) => logger.log('pool.publish_failed', { error }));
  }
}
