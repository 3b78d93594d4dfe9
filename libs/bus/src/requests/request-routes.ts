import { AppError, type RequestContract, type ServiceName } from '@gridworks/contracts';
import {
  type CircuitBreaker,
  CircuitOpenError,
  GuardError,
  type HealingEnvironment,
  withSelfHealing,
} from '@gridworks/resilience';
import type { Msg } from '@nats-io/transport-node';
import type { BriefOutage } from '../connection/brief-outage.ts';
import { decodeError, RETRY_AFTER_MS, unavailable } from '../wire/error-envelope.ts';
import {
  hasResponse,
  isBusinessError,
  NO_RESPONDERS,
  NO_RESPONSE,
  NOT_CONNECTED,
} from '../wire/request-faults.ts';
import { hasHeaders } from '../wire/wire-headers.ts';
import type { PendingRequest } from './pending-request.ts';
import { ServicePresence } from './service-presence.ts';

/** Sends a request and waits for the reply, a response or an error. */
export type Send = (pending: PendingRequest) => Promise<Msg>;
/** The response, or an error. */
type SendRequest = (pending: PendingRequest) => Promise<Msg>;

export interface RouteSettings {
  readonly service: ServiceName;
  readonly environment: HealingEnvironment;
  readonly outage: BriefOutage;
  readonly send: Send;
  /** See `RequestMux.trackTaken`. */
  readonly trackTaken: (kind: (subject: string) => boolean) => (graceMs: number) => void;
}

/** Few repeats with long waits: each repeat uses a budget that all calls of the process share. */
const RETRY = { attempts: 4, baseMs: 300, capMs: 700, maxRetryAfterMs: 2000 } as const;
/**
 * Several instances serve requests under one name, and one of them may hang: the breaker opens only when
 * nearly all are silent. Trials are frequent, and each may take 2 s: the next does not wait for the last.
 */
const BREAKER = {
  consecutiveFailures: 10,
  failureShare: 0.8,
  halfOpenAfterMs: 250,
  closesAfter: 1,
} as const;

/**
 * A caller with less time may have spent it elsewhere, or sent a slow body: then the silence of a service is
 * not evidence.
 */
const FAIR_MS = 500;

/**
 * An instance that drains takes no new requests and finishes those it has: another instance may be there
 * before it has ended.
 */
const FINISHING_MS = 300;

/** Ordinary requests, which any instance may serve. Control requests to one instance do not match. */
const ORDINARY = /^rpc\.[a-z]+\.(?!instance\.)/;

/**
 * The routes to the services: one healed call site per service, with a breaker `rpc.<owner>`. Requests to one
 * instance, or to the server, are not healed: their caller wants to see the real state.
 */
export class RequestRoutes {
  readonly #service: ServiceName;
  readonly #environment: HealingEnvironment;
  readonly #outage: BriefOutage;
  readonly #send: Send;
  readonly #trackTaken: RouteSettings['trackTaken'];
  /** Routes by subject. */
  readonly #repeatable = new Map<string, SendRequest>();
  readonly #single = new Map<string, SendRequest>();
  readonly #bySite = new Map<string, SendRequest>();
  readonly #routes = new Map<ServiceName, ServiceRoute>();

  constructor(settings: RouteSettings) {
    this.#service = settings.service;
    this.#environment = settings.environment;
    this.#outage = settings.outage;
    this.#send = settings.send;
    this.#trackTaken = settings.trackTaken;
  }

  /**
   * @param repeatable whether a lost response may be requested again: by its contract, or by the request's
   * idempotency key
   */
  to(contract: RequestContract, repeatable: boolean): SendRequest {
    return (
      (repeatable ? this.#repeatable : this.#single).get(contract.subject) ?? this.#find(contract, repeatable)
    );
  }

  /** The bus is back: services that were silent because of the outage may respond again. */
  reconnected(): void {
    for (const { breaker } of this.#routes.values()) breaker.dependencyHealthy();
  }

  #find({ subject, owner }: RequestContract, repeatable: boolean): SendRequest {
    if (!ORDINARY.test(subject)) return this.#once;
    const site = `${owner} ${repeatable}`;
    const sendRequest = this.#bySite.get(site) ?? this.#healed(owner, repeatable);
    this.#bySite.set(site, sendRequest);
    (repeatable ? this.#repeatable : this.#single).set(subject, sendRequest);
    return sendRequest;
  }

  #healed(owner: ServiceName, repeatable: boolean): SendRequest {
    const source = `${this.#service}.rpc.${owner}`;
    const route = this.#routeTo(owner);
    return withSelfHealing((pending: PendingRequest) => this.#attempt(pending, source, route), {
      source,
      category: 'api',
      dependency: 'nats',
      dependencyName: owner,
      idempotent: repeatable,
      retry: RETRY,
      // The breaker is inside, where a silent service can be distinguished from one that responds with an
      // error.
      breaker: false,
      bulkhead: false,
      isBusinessError,
      leftNothing: (error) => error instanceof AppError && error.cause === NOT_CONNECTED,
      // A long outage has been waited for already.
      remainingMs: (pending) => (this.#outage.isLong() || isGone(route.presence) ? 0 : pending.leftMs()),
      environment: this.#environment,
    });
  }

  #routeTo(owner: ServiceName): ServiceRoute {
    const known = this.#routes.get(owner);
    if (known) return known;
    const breaker = this.#environment.breakers.named(`rpc.${owner}`, BREAKER);
    const route = { owner, breaker, presence: new ServicePresence(owner) };
    this.#routes.set(owner, route);
    return route;
  }

  async #attempt(
    pending: PendingRequest,
    source: string,
    { owner, breaker, presence }: ServiceRoute,
  ): Promise<Msg> {
    if (!this.#outage.isOver()) await this.#outage.over(pending.leftMs());
    let trial = false;
    if (!breaker.closed) {
      if (breaker.admit() === null)
        throw new CircuitOpenError(source, breaker.name, breaker.retryAfterMs(), breaker.lastFailure);
      trial = true;
    }
    try {
      for (;;) {
        if (presence.expected) await presence.wait(pending.leftMs());
        try {
          const reply = await this.#send(pending);
          if (presence.missing) presence.found();
          // Only error replies have headers.
          if (hasHeaders(reply)) throw decodeError(reply.data);
          breaker.succeeded(trial);
          return reply;
        } catch (error) {
          if (!(error instanceof AppError) || error.cause !== NO_RESPONDERS) throw error;
          // The first request that finds no instance is healed, and reported, like any call; the requests
          // behind it only wait.
          const first = presence.missed();
          if (first) {
            const theirs = (subject: string) => ORDINARY.test(subject) && subject.startsWith(`rpc.${owner}.`);
            const giveUp = this.#trackTaken(theirs);
            presence.whenFound(() => giveUp(FINISHING_MS));
          }
          if (first || !presence.expected) throw error;
        }
      }
    } catch (error) {
      if (!(error instanceof AppError)) breaker.inconclusive(trial);
      else if (error.cause === NO_RESPONSE && pending.givenMs >= FAIR_MS) breaker.failed(trial, error);
      else if (hasResponse(error)) breaker.succeeded(trial);
      else breaker.inconclusive(trial);
      throw error;
    }
  }

  readonly #once: SendRequest = async (pending) => {
    const reply = await this.#send(pending);
    if (hasHeaders(reply)) throw decodeError(reply.data);
    return reply;
  };
}

/** The state that all call sites share about one service. */
interface ServiceRoute {
  readonly owner: ServiceName;
  readonly breaker: CircuitBreaker;
  readonly presence: ServicePresence;
}

const isGone = ({ missing, expected }: ServicePresence): boolean => missing && !expected;

/**
 * The caller's error when healing did not succeed: an AppError, with a time to retry where a retry may help.
 */
export function toCallersError(error: unknown): unknown {
  if (error instanceof GuardError)
    return unavailable('This part of the system does not respond at the moment', error);
  if (error instanceof AppError && error.kind === 'unavailable' && error.retryAfterMs === undefined)
    Object.assign(error, { retryAfterMs: RETRY_AFTER_MS });
  return error;
}
