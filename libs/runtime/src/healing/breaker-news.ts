import type { Bus } from '@gridworks/bus';
import { breakerChanged } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { BreakerRegistry, BreakerTransition } from '@gridworks/resilience';
import type { ServiceInfo } from '../process/service-info.ts';

const everyMs = 1000;

/** What was told last of a breaker, and what has happened since. */
interface News {
  told: BreakerTransition | undefined;
  latest: BreakerTransition;
  timer: NodeJS.Timeout | undefined;
}

/** Tells how breakers change: in the log and as `event.<service>.breaker.changed`, lossy, once a second for each at most. */
export class BreakerNews {
  readonly #bus: Pick<Bus, 'publish' | 'state'>;
  readonly #info: Pick<ServiceInfo, 'service' | 'instance'>;
  readonly #logger: Logger;
  readonly #news = new Map<string, News>();
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
    this.#unsubscribe = breakers.onTransition((transition) => this.#hear(transition));
  }

  stop(): void {
    this.#unsubscribe();
    for (const { timer } of this.#news.values()) clearTimeout(timer);
  }

  #hear(transition: BreakerTransition): void {
    const news = this.#news.get(transition.breaker);
    if (news) {
      news.latest = transition;
      if (news.timer === undefined) this.#tell(news);
      return;
    }
    const first: News = { told: undefined, latest: transition, timer: undefined };
    this.#news.set(transition.breaker, first);
    this.#tell(first);
  }

  /** Tells where it is now, unless that was told last, and is silent for a second. */
  #tell(news: News): void {
    const { told, latest } = news;
    if (told && told.to === latest.to && told.mode === latest.mode) {
      news.timer = undefined;
      return;
    }
    const change = { ...latest, from: told?.to ?? latest.from };
    news.told = change;
    news.timer = setTimeout(() => {
      news.timer = undefined;
      this.#tell(news);
    }, everyMs).unref();
    this.#logger[change.to === 'open' ? 'warn' : 'info'](
      { breaker: change.breaker, from: change.from, to: change.to, mode: change.mode, reason: change.reason },
      'a breaker changed',
    );
    this.#publish(change);
  }

  #publish(change: BreakerTransition): void {
    if (this.#bus.state() !== 'connected') return;
    const { service, instance } = this.#info;
    const at = new Date(change.at).toISOString();
    this.#bus
      .publish(breakerChanged[service], { ...change, service, instance, at })
      .catch((error: unknown) => this.#logger.debug({ error }, 'a change of a breaker was not told'));
  }
}
