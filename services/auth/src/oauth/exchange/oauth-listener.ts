import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AppError,
  type exchangeOAuth,
  newLinkToken,
  type OutputOf,
  type ParsedInputOf,
} from '@gridworks/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { Issuer } from '../issuer.ts';
import { COOKIES } from '../provider/oauth-names.ts';
import { OAuthProvider } from '../provider/oauth-provider.ts';

type Given = ParsedInputOf<typeof exchangeOAuth>;
type Response = OutputOf<typeof exchangeOAuth>;

/** An exchange that is under way. */
interface Exchange {
  /** Runs a function in the context of the request that caused the exchange: its deadline, its trace. */
  readonly run: (work: () => void) => void;
  /** Why the provider could not respond, in place of its own words. */
  failure?: unknown;
}

const EXCHANGE = 'x-oauth-exchange';
/** What a caller gets of the provider's headers; the gateway sets the others. */
const PASSED_ON = [
  'cache-control',
  'content-type',
  'location',
  'set-cookie',
  'www-authenticate',
  'vary',
] as const;
/** Cookies that reach the provider. Without its session cookie nobody is logged in by an earlier authorization. */
const KNOWN_COOKIES = new Set([COOKIES.interaction, COOKIES.resume].flatMap((name) => [name, `${name}.sig`]));

/**
 * The provider behind a port of this machine's loopback, which only this process calls: each exchange is named by a
 * random text that the port asks for.
 */
@Injectable()
export class OAuthListener implements OnModuleInit, OnApplicationShutdown {
  readonly #server = createServer((incoming, response) => void this.#serve(incoming, response));
  readonly #agent = new Agent({ keepAlive: true });
  readonly #exchanges = new Map<string, Exchange>();
  readonly #watched = new WeakSet<Provider>();

  constructor(
    private readonly provider: OAuthProvider,
    private readonly issuer: Issuer,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#server.unref();
  }

  onApplicationShutdown(): void {
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Rejects with the error that kept the provider from responding, such as `PLATFORM.UNAVAILABLE`. */
  async exchange({ method, path, headers, body }: Given): Promise<Response> {
    const id = newLinkToken();
    const exchange: Exchange = { run: AsyncLocalStorage.snapshot() };
    this.#exchanges.set(id, exchange);
    try {
      const sent = request({
        ...{ host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port, agent: this.#agent },
        ...{ method, path },
        headers: {
          ...headers,
          ...this.issuer.headers,
          cookie: knownCookies(headers.cookie),
          'content-length': Buffer.byteLength(body, 'latin1'),
          [EXCHANGE]: id,
        },
      });
      sent.end(body, 'latin1');
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      if (exchange.failure !== undefined) throw exchange.failure;
      return {
        status: response.statusCode ?? 500,
        headers: passedOn(response),
        body: Buffer.concat(chunks).toString('utf8'),
      };
    } finally {
      this.#exchanges.delete(id);
    }
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = this.#exchanges.get(String(incoming.headers[EXCHANGE]));
    if (!exchange) {
      response.writeHead(404).end();
      return;
    }
    try {
      const provider = await this.provider.current();
      this.#watch(provider);
      exchange.run(() => void provider.callback()(incoming, response));
    } catch (error) {
      exchange.failure = error;
      response.writeHead(500).end();
    }
  }

  /** Keeps the error that the provider hides behind `server_error`. */
  #watch(provider: Provider): void {
    if (this.#watched.has(provider)) return;
    this.#watched.add(provider);
    const keep = (incoming: IncomingMessage, error: Error) => {
      const exchange = this.#exchanges.get(String(incoming.headers[EXCHANGE]));
      if (exchange) exchange.failure = causeOf(error);
    };
    provider.on('server_error', (ctx, error) => keep(ctx.req, error));
    const onError = (error: Error, ctx?: { req: IncomingMessage }) => ctx && keep(ctx.req, error);
    (provider as NodeJS.EventEmitter).on('error', onError);
  }
}

/** The error of the catalogue inside another one, else that one. */
function causeOf(error: unknown): unknown {
  for (let inner = error; inner instanceof Error; inner = inner.cause)
    if (inner instanceof AppError) return inner;
  return error;
}

function knownCookies(header = ''): string {
  const known = header.split(';').filter((pair) => KNOWN_COOKIES.has(pair.split('=')[0]?.trim() ?? ''));
  return known.join(';').trim();
}

function passedOn({ headers }: IncomingMessage): Response['headers'] {
  const passed: Response['headers'] = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (value !== undefined) passed[name] = value;
  }
  const cookies = headers['set-cookie']?.filter((cookie) => KNOWN_COOKIES.has(cookie.split('=')[0] ?? ''));
  if (cookies) passed['set-cookie'] = cookies;
  return passed;
}
