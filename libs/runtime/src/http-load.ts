import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { Slots } from '@gridworks/bus';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import { onExchangeEnd } from './exchange-end.ts';
import { originForm } from './origin-form.ts';
import type { LoadSource } from './process/load-meter.ts';

// The time limit for a client to send its request. A response may take longer (a stream of events never
// ends).
const REQUEST_MS = 6_000;
const HEADERS_MS = 5_000;
// For how long the rest of a body is discarded after the response was sent early, so that the client can read
// the response. After that the connection is closed.
const REST_OF_BODY_MS = 2_000;
// For how long the connection may stand still while a complete response waits for its reader.
const UNREAD_IDLE_MS = 10_000;
// The maximum time for a client to read a response, however slowly.
const READ_MS = 120_000;
const SWEEP_EVERY_MS = 2_500;
// The maximum length of a parameter of a path in its encoded form; the contracts limit the decoded value.
const MAX_PARAM_LENGTH = 1_500;
// Longer than the idle time of usual load balancers, so that the load balancer closes an idle connection.
const KEEP_ALIVE_MS = 65_000;
const MAX_CONNECTIONS = 10_000;
// While draining, idle clients may still send on a connection they believe open: for this long they get a
// response with `Connection: close`, before idle connections are cut.
const LAME_DUCK_MS = 250;
const CHECK_EVERY_MS = 20;

/** Responds to a request whose address Fastify's router refuses before any hook runs. */
export type BadAddressHandler = NonNullable<FastifyServerOptions['frameworkErrors']>;

/**
 * The largest body that is read unless a route sets another limit, in bytes. The longest valid body is a
 * ticket of 10,000 characters, each written as two `\uXXXX`: 120,000 bytes.
 */
const BODY_LIMIT_BYTES = 128 * 1024;

/** Fastify with limits for everything. */
export function createHttpAdapter(badAddress?: BadAddressHandler): FastifyAdapter {
  return new FastifyAdapter({
    ...(badAddress ? { frameworkErrors: badAddress } : {}),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request: IncomingMessage) => originForm(request.url ?? '/'),
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 1000 },
    // The drain below serves requests that still arrive; Fastify's own 503 would be a lost request.
    return503OnClosing: false,
    trustProxy: false,
    logger: false,
  });
}

const refusals = new WeakSet<ServerResponse>();

/**
 * Marks a response with a status of 500 or above as a refusal: the service works, and serves other requests first. It is
 * no failure in any figure.
 */
export const markRefusal = (response: ServerResponse): void => void refusals.add(response);

/** Whether a response reports that something failed here. */
export const isFailure = (response: ServerResponse): boolean =>
  response.statusCode >= 500 && !refusals.has(response);

/** A request that has not ended. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly begunAt: number;
  isUnread: boolean;
}

/** Counts the open requests of an HTTP server, and drains the server without cutting a response short. */
export class HttpLoad implements LoadSource {
  readonly #server: Server;
  readonly #open = new Slots<Exchange>();
  #ok = 0;
  #failed = 0;
  #draining = false;

  constructor(server: Server) {
    this.#server = server;
    server.maxConnections = MAX_CONNECTIONS;
    server.prependListener('request', (request, response) => {
      const exchange = { request, response, begunAt: performance.now(), isUnread: false };
      const slot = this.#open.add(exchange);
      if (this.#draining) response.setHeader('connection', 'close');
      onExchangeEnd(request, response, () => {
        this.#open.delete(slot);
        if (isFailure(response)) this.#failed++;
        else this.#ok++;
        if (!request.complete) waitForRest(request);
      });
    });
    const sweep = setInterval(() => this.#cutSlowReaders(), SWEEP_EVERY_MS).unref();
    server.once('close', () => clearInterval(sweep));
  }

  #cutSlowReaders(): void {
    const before = performance.now() - READ_MS;
    for (const exchange of this.#open) {
      const { socket } = exchange.request;
      if (!exchange.response.writableEnded) continue;
      if (exchange.begunAt < before) socket.destroy();
      // Bytes that leave count as progress, since Node checks the rest of a write before it reports the
      // socket as idle.
      else if (!exchange.isUnread) socket.setTimeout(UNREAD_IDLE_MS);
      exchange.isUnread = true;
    }
  }

  inFlight(): number {
    return this.#open.size;
  }

  /** `failed` counts responses with a status of 500 and above, without refusals. */
  counts(): { ok: number; failed: number } {
    return { ok: this.#ok, failed: this.#failed };
  }

  /**
   * Accepts no new connections, serves open requests, closes each connection after its response; at most
   * `timeoutMs`.
   */
  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true;
    const started = performance.now();
    // Not the HTTP server's own close(): that cuts idle connections at once.
    TcpServer.prototype.close.call(this.#server);
    await sleep(Math.min(LAME_DUCK_MS, timeoutMs));
    do {
      this.#server.closeIdleConnections();
      if (this.#open.size === 0) break;
      await sleep(CHECK_EVERY_MS);
    } while (performance.now() - started < timeoutMs);
    this.#server.closeAllConnections();
  }
}

/**
 * Closes the connection of a request that got its response before its body was complete, unless the rest
 * arrives soon.
 */
function waitForRest(request: IncomingMessage): void {
  const { socket } = request;
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, REST_OF_BODY_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
