import type { Bus } from '@gridworks/bus';
import { breakerChanged } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { BreakerRegistry, BreakerTransition } from '@gridworks/resilience';
import type { ServiceInfo } from '../process/service-info.ts';

const EVERY_MS = 1000;

/** The last published state of a breaker, and its changes since. */
interface PendingChange {
  published: BreakerTransition | undefined;
  latest: BreakerTransition;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Publishes the changes of breakers: in the log and as `event.<service>.breaker.changed`, without a
 * guarantee, at most once a second for each.
 */
export class BreakerPublisher {
  readonly #bus: Pick<Bus, 'publish' | 'state'>;
  readonly #info: Pick<ServiceInfo, 'service' | 'instance'>;
  readonly #logger: Logger;
  readonly #pending = new Map<string, PendingChange>();
  readonly #unsubscribe: () => void;

  constructor(
    breakers: BreakerRegistry,
    bus: Pick<Bus, 'publish' | 'state'>,
    info: Pick<ServiceInfo, 'service' | 'instance'>,
    logger: Logger,
  ) {
    this.#bus = bus;
    this.#info = info;
    this.#logger = logger;
    this.#unsubscribe = breakers.onTransition((transition) => this.#onTransition(transition));
  }

  stop(): void {
    this.#unsubscribe();
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
  }

  #onTransition(transition: BreakerTransition): void {
    const pending = this.#pending.get(transition.breaker);
    if (pending) {
      pending.latest = transition;
      if (pending.timer === undefined) this.#publishLatest(pending);
      return;
    }
    const first: PendingChange = { published: undefined, latest: transition, timer: undefined };
    this.#pending.set(transition.breaker, first);
    this.#publishLatest(first);
  }

  /** Publishes the current state, unless it was published last, and then waits a second. */
  #publishLatest(pending: PendingChange): void {
    const { published, latest } = pending;
    if (published && published.to === latest.to && published.mode === latest.mode) {
      pending.timer = undefined;
      return;
    }
    const change = { ...latest, from: published?.to ?? latest.from };
    pending.published = change;
    pending.timer = setTimeout(() => {
      pending.timer = undefined;
      this.#publishLatest(pending);
    }, EVERY_MS).unref();
    const { breaker, from, to, mode, reason } = change;
    this.#logger.log(to === 'open' ? 'breaker.opened' : 'breaker.changed', {
      breaker,
      from,
      to,
      mode,
      reason,
    });
    this.#publish(change);
  }

  #publish(change: BreakerTransition): void {
    if (this.#bus.state() !== 'connected') return;
    const { service, instance } = this.#info;
    const at = new Date(change.at).toISOString();
    this.#bus
      .publish(breakerChanged[service], { ...change, service, instance, at })
      .catch((error: unknown) => this.#logger.log('breaker.publish_failed', { error }));
  }
}
