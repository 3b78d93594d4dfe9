import { AppError, authorize, NETWORK_NOT_ALLOWED } from '@gridworks/contracts';
import { isTraceparent, newTraceparent } from '@gridworks/observability';
import { clientNetwork, onExchangeEnd } from '@gridworks/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { CallBudgets } from '../budgets/call-budgets.ts';
import type { CallerFinder } from '../credentials/caller-finder.ts';
import { checkCsrfToken, isOwnOrigin } from '../credentials/check-origin.ts';
import type { KnownCaller } from '../credentials/principal-cache.ts';
import { readBearer } from '../credentials/read-bearer.ts';
import { readSessionCookie } from '../credentials/session-cookie.ts';
import type { CallLimits } from '../limits/call-limits.ts';
import type { AddressReader } from '../limits/caller-address.ts';
import type { OpenRequests } from '../limits/open-requests.ts';
import type { OverloadWatch } from '../limits/overload-watch.ts';
import type { CallMeter } from '../metering/call-meter.ts';
import { CROSS_SITE, METHOD_NOT_ALLOWED, OVERLOADED, ROUTE_NOT_FOUND } from '../problems/gateway.errors.ts';
import { requestIdOf } from '../problems/request-id.ts';
import { pathOf, sendProblem } from '../problems/send-problem.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { pageLinks } from './page-links.ts';
import { checkVersion, PORTAL_VERSION } from './portal-version.ts';
import type { PublicCall } from './public-call.ts';
import { readInput } from './read-input.ts';
import { framingError } from './request-framing.ts';
import { beginRequestSpan } from './request-span.ts';
import { allowedMethods, type PublicRoute } from './route-declaration.ts';

export interface PipelineParts {
  readonly callers: CallerFinder;
  readonly limits: CallLimits;
  readonly budgets: Pick<CallBudgets, 'take'>;
  readonly meter: CallMeter;
  readonly addressOf: AddressReader;
  readonly deadlineMs: number;
  readonly open: OpenRequests;
  /** Headers of every response, unless its route sets others. */
  readonly headers: Readonly<Record<string, string>>;
  readonly overload: Pick<OverloadWatch, 'level' | 'refused'>;
}

type Done = (error?: Error) => void;

/**
 * The steps of every request, driven by the declaration of its route: an id and a deadline, the credential,
 * the limits, the input and, once the response exists, its metering. The steps are plain Fastify hooks that
 * return no promise when nothing has to be waited for, which is the case for nearly every request.
 */
export class RequestPipeline {
  readonly routes: PublicRoute[] = [];
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  /** Call this before routes are registered. */
  attach(fastify: FastifyInstance): void {
    fastify.decorateRequest('call', null);
    fastify.addHook('onRoute', (options) => this.#admitRoute(options));
    fastify.addHook('onRequest', this.#onRequest);
    fastify.addHook('preValidation', this.#preValidation);
    fastify.addHook('onSend', this.#onSend);
  }

  /** The process does not start with a route that has no declaration. */
  #admitRoute(options: RouteOptions & { readonly path: string }): void {
    const { route } = options.config ?? {};
    if (!route) throw new Error(`route ${options.method} ${options.url} has no declaration`);
    if (route.http.bodyLimitBytes !== undefined) options.bodyLimit = route.http.bodyLimitBytes;
    if (options.method === route.http.method && !this.routes.includes(route)) this.routes.push(route);
  }

  readonly #onRequest = (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const call = this.#begin(request, reply);
    try {
      const misframed = framingError(request.raw.headers);
      const admitted =
        call.route && !misframed
          ? this.#admit(call.route, call, request, reply)
          : this.#refuse(() => misframed ?? this.#notFound(request, reply), call, reply);
      if (admitted) admitted.then(() => done(), done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  };

  #begin(request: FastifyRequest, reply: FastifyReply): PublicCall {
    const { headers } = request.raw;
    const route = request.routeOptions.config.route ?? null;
    const call: PublicCall = {
      requestId: requestIdOf(headers['x-request-id']),
      traceparent: (route?.isUnlimited ? undefined : beginRequestSpan(request, reply)) ?? givenTrace(headers),
      deadlineAt: Date.now() + (route?.http.deadlineMs ?? this.#parts.deadlineMs),
      address: this.#parts.addressOf(request),
      route,
      caller: null,
      byCookie: false,
      isFree: false,
      open: null,
      rawBody: null,
      input: undefined,
      idempotencyKey: undefined,
    };
    request.call = call;
    reply.headers(this.#parts.headers);
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
    if (this.#parts.overload.level === 'very-late') this.#shed();
    this.#parts.open.checkRoom();
    const { authorization } = request.raw.headers;
    if (route.isOpen || (route.takesNobody && authorization === undefined)) {
      this.#openForAddress(call, request, reply);
      const { limits } = this.#parts;
      return route.isFile
        ? limits.takeForFile(call.address, reply)
        : limits.takeForAddress(call.address, reply);
    }
    // A cookie is read only where a credential is needed and none is given, so that an old cookie does not
    // block an open route.
    const cookie = authorization === undefined ? readSessionCookie(request.raw) : null;
    if (cookie !== null) {
      call.byCookie = true;
      if (!isOwnOrigin(request.raw)) return this.#refuse(() => new AppError(CROSS_SITE), call, reply);
    }
    const found = this.#parts.callers.find(cookie ?? readBearer(authorization), call, () =>
      this.#openForAddress(call, request, reply),
    );
    if (found instanceof Promise)
      return found.then((caller) => this.#admitCaller(caller, route, call, request, reply));
    return this.#admitCaller(found, route, call, request, reply);
  }

  /** Refuses a request by its head alone and counts it for the address: the body is never read. */
  #refuse(why: () => AppError, call: PublicCall, reply: FastifyReply): Promise<void> {
    if (this.#parts.overload.level !== 'none') this.#shed();
    const limited = this.#parts.limits.takeForAddress(call.address, reply);
    if (!limited) throw why();
    return limited.then(() => {
      throw why();
    });
  }

  #notFound(request: FastifyRequest, reply: FastifyReply): AppError {
    const allowed = allowedMethods(this.routes, pathOf(request.url));
    if (allowed.length === 0 || allowed.includes(request.method)) return new AppError(ROUTE_NOT_FOUND);
    reply.header('allow', allowed.join(', '));
    return new AppError(METHOD_NOT_ALLOWED, { detail: `This address takes ${allowed.join(', ')}.` });
  }

  /** Opens a request of an unknown caller. While the event loop is late these are refused first. */
  #openForAddress(call: PublicCall, request: FastifyRequest, reply: FastifyReply): void {
    if (this.#parts.overload.level !== 'none') this.#shed();
    this.#open(`address ${clientNetwork(call.address)}`, call, request, reply);
  }

  #open(caller: string, call: PublicCall, request: FastifyRequest, reply: FastifyReply): void {
    const open = this.#parts.open.open(caller);
    call.open = open;
    onExchangeEnd(request.raw, reply.raw, () => open.end());
  }

  #shed(): never {
    this.#parts.overload.refused('event_loop');
    throw new AppError(OVERLOADED, { retryAfterMs: 1000 });
  }

  #admitCaller(
    caller: KnownCaller,
    route: PublicRoute,
    call: PublicCall,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void | Promise<void> {
    if (caller.networks?.has(call.address) === false)
      return this.#refuse(() => networkNotAllowed(call.address), call, reply);
    const id = `credential ${caller.principal.id}`;
    if (call.open) call.open.moveTo(id);
    else this.#open(id, call, request, reply);
    this.#parts.meter.admit(caller.principal);
    call.caller = caller;
    const { impersonator, access } = caller.principal;
    if (impersonator !== undefined) reply.header('impersonated-by', `${impersonator}; access=${access}`);
    const limited = this.#parts.limits.takeForCaller(caller, reply);
    if (limited) return limited.then(() => this.#permit(caller, route, call, request));
    return this.#permit(caller, route, call, request);
  }

  #permit(
    caller: KnownCaller,
    route: PublicRoute,
    call: PublicCall,
    request: FastifyRequest,
  ): void | Promise<void> {
    const spent = this.#parts.budgets.take(caller.principal, route.isNeverStopped);
    if (spent instanceof Promise)
      return spent.then((isFree) => {
        call.isFree = isFree;
        mayCall(route, call, caller, request);
      });
    call.isFree = spent;
    mayCall(route, call, caller, request);
  }

  readonly #preValidation = (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const { call } = request;
    if (!call?.route) {
      done();
      return;
    }
    try {
      call.open?.beginWork();
      const version = request.raw.headers['portal-version'] as string | undefined;
      if (version !== undefined && call.route.isListed) {
        checkVersion(version);
        reply.header('portal-version', version);
      }
      call.input = readInput(call.route, {
        params: request.params,
        query: request.query,
        body: request.body,
        ip: call.address,
        userAgent: request.raw.headers['user-agent'],
      });
      if (call.route.takesKey) {
        const key = request.raw.headers['idempotency-key'] as string | undefined;
        if (key !== undefined) call.idempotencyKey = readIdempotencyKey(key);
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  };

  /** The last step before bytes are sent: a call that is not on disk now must not get its response. */
  readonly #onSend = (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload?: unknown) => void,
  ): void => {
    const { call } = request;
    if (call?.route?.isPaged && reply.statusCode === 200) linkPages(request, reply, payload);
    if (typeof payload === 'string') call?.open?.respond(request.raw.socket, payload.length);
    const principal = call?.caller?.principal;
    const isCounted = principal && !call.isFree && this.#parts.meter.counts(principal, reply.statusCode);
    if (!call?.route || !isCounted) {
      done(null, payload);
      return;
    }
    const { route } = call;
    const { statusCode, elapsedTime } = reply;
    this.#parts.meter.record(
      principal,
      route.operation,
      statusCode,
      elapsedTime,
      (error: AppError | null) => {
        done(null, error ? sendProblem(error, request, reply) : payload);
      },
    );
  };
}

/** Counted for the address, not for the key: whoever has only a stolen key cannot use up its quota. */
function networkNotAllowed(address: string): AppError {
  return new AppError(NETWORK_NOT_ALLOWED, {
    detail: `This key is not accepted from ${address}. Its allowed networks are set in the console.`,
    details: { address },
  });
}

/** Whether this caller may call; with a cookie also whether the calling page sent the session's token. */
function mayCall(route: PublicRoute, call: PublicCall, caller: KnownCaller, request: FastifyRequest): void {
  if (call.byCookie && route.http.method !== 'GET') checkCsrfToken(request.raw, caller.digest);
  authorize(route, caller.principal);
}

/** Only a paged response is parsed, and only to be read: the service's bytes are sent unchanged. */
function linkPages(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const links = typeof payload === 'string' ? pageLinks(request.url, payload) : null;
  if (links) reply.header('link', links);
}

function givenTrace({ traceparent }: FastifyRequest['headers']): string {
  return typeof traceparent === 'string' && isTraceparent(traceparent) ? traceparent : newTraceparent();
}
