import { AppError } from '@gridworks/contracts';
import { isTraceparent, newTraceparent } from '@gridworks/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authorizeCall } from '../credentials/authorize-call.ts';
import type { CallerFinder } from '../credentials/caller-finder.ts';
import type { KnownCaller } from '../credentials/principal-cache.ts';
import type { CallLimits } from '../limits/call-limits.ts';
import type { AddressReader } from '../limits/caller-address.ts';
import type { CallMeter } from '../metering/call-meter.ts';
import { answerProblem } from '../problems/answer-problem.ts';
import { OVERLOADED } from '../problems/gateway.errors.ts';
import { pageLinks } from './page-links.ts';
import { checkVersion, PORTAL_VERSION } from './portal-version.ts';
import type { PublicCall } from './public-call.ts';
import { readInput } from './read-input.ts';
import { requestIdOf } from './request-id.ts';
import type { PublicRoute } from './route-declaration.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export interface DoorParts {
  readonly callers: CallerFinder;
  readonly limits: CallLimits;
  readonly meter: CallMeter;
  readonly addressOf: AddressReader;
  readonly deadlineMs: number;
  /** Above so many calls under way at once, the next are refused. */
  readonly maxInFlight: number;
  /** Calls under way, this one included. */
  readonly inFlight: () => number;
}

type Done = (error?: Error) => void;

/**
 * What happens to every request, driven by the declaration of its route: an id and a deadline, the credential,
 * the limits, the input, and after the answer was made, its metering. Plain Fastify hooks that take no promise
 * when everything is at hand: that is the case for nearly every request.
 */
export class PublicDoor {
  readonly routes: PublicRoute[] = [];
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** To be called before routes are registered. */
  attach(fastify: FastifyInstance): void {
    fastify.decorateRequest('call', null);
    fastify.addHook('onRoute', (options) => this.#admitRoute(options));
    fastify.addHook('onRequest', this.#onRequest);
    fastify.addHook('preValidation', this.#preValidation);
    fastify.addHook('onSend', this.#onSend);
  }

  /** No route without a declaration: the process does not start with one. */
  #admitRoute(options: { method: string | string[]; url: string; config?: { route?: PublicRoute } }): void {
    const { route } = options.config ?? {};
    if (!route) throw new Error(`route ${options.method} ${options.url} has no declaration`);
    if (options.method === route.declaration.method) this.routes.push(route);
  }

  readonly #onRequest = (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const call = this.#begin(request, reply);
    if (!call.route) {
      done();
      return;
    }
    try {
      const admitted = this.#admit(call.route, call, request, reply);
      if (admitted) admitted.then(() => done(), done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  };

  #begin(request: FastifyRequest, reply: FastifyReply): PublicCall {
    const { headers } = request.raw;
    const given = headers.traceparent;
    const call: PublicCall = {
      requestId: requestIdOf(headers['x-request-id']),
      traceparent: typeof given === 'string' && isTraceparent(given) ? given : newTraceparent(),
      deadlineAt: Date.now() + this.#parts.deadlineMs,
      address: this.#parts.addressOf(request),
      route: request.routeOptions.config.route ?? null,
      caller: null,
      input: undefined,
    };
    request.call = call;
    reply.headers(SECURITY_HEADERS);
    reply.header('content-type', 'application/json; charset=utf-8');
    reply.header('portal-version', PORTAL_VERSION);
    reply.header('x-request-id', call.requestId);
    reply.header('traceparent', call.traceparent);
    return call;
  }

  #admit(
    route: PublicRoute,
    call: PublicCall,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void | Promise<void> {
    if (route.isUnlimited) return;
    if (this.#parts.inFlight() > this.#parts.maxInFlight)
      throw new AppError(OVERLOADED, { retryAfterMs: 1000 });
    if (route.isOpen) return this.#parts.limits.takeForAddress(call.address, reply);
    const found = this.#parts.callers.find(request.raw.headers.authorization, call.address);
    if (found instanceof Promise)
      return found.then((caller) => this.#admitCaller(caller, route, call, reply));
    return this.#admitCaller(found, route, call, reply);
  }

  #admitCaller(
    caller: KnownCaller,
    route: PublicRoute,
    call: PublicCall,
    reply: FastifyReply,
  ): void | Promise<void> {
    this.#parts.meter.admit(caller.principal);
    call.caller = caller;
    const limited = this.#parts.limits.takeForCredential(caller.principal.id, reply);
    if (limited) return limited.then(() => authorizeCall(route, caller.principal));
    authorizeCall(route, caller.principal);
  }

  readonly #preValidation = (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const { call } = request;
    if (!call?.route) {
      done();
      return;
    }
    try {
      const version = request.raw.headers['portal-version'] as string | undefined;
      if (version !== undefined && !call.route.declaration.internal) {
        checkVersion(version);
        reply.header('portal-version', version);
      }
      call.input = readInput(call.route, {
        params: request.params,
        query: request.query,
        body: request.body,
        ip: call.address,
        idempotencyKey: request.raw.headers['idempotency-key'] as string | undefined,
      });
      done();
    } catch (error) {
      done(error as Error);
    }
  };

  /** The last moment before bytes leave: what is not on disk now must not be answered. */
  readonly #onSend = (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload?: unknown) => void,
  ): void => {
    const { call } = request;
    if (call?.route?.isPaged && reply.statusCode === 200) linkPages(request, reply, payload);
    const principal = call?.caller?.principal;
    if (!call?.route || !principal || !this.#parts.meter.counts(principal, reply.statusCode)) {
      done(null, payload);
      return;
    }
    this.#parts.meter.record(principal, call.route.operation, reply.statusCode, (error: AppError | null) => {
      done(null, error ? answerProblem(error, request, reply) : payload);
    });
  };
}

/** Only this answer is parsed, and only to read it: the service's bytes leave as they came. */
function linkPages(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const links = typeof payload === 'string' ? pageLinks(request.url, payload) : null;
  if (links) reply.header('link', links);
}
