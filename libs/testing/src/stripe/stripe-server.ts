import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StripeBank, StripeRefusal } from './stripe-bank.ts';
import { readForm } from './stripe-form.ts';
import { servePage } from './stripe-pages.ts';
import { findRoute } from './stripe-routes.ts';
import { StripeWebhooks, type WebhookOptions } from './stripe-webhooks.ts';

/**
 * What goes wrong with one request. `drop`: the work is done, and the connection breaks before the response. `lose`: the request is
 * lost before the work. `error-after` and `error-before`: 500, after and before the work. A number: so many ms late.
 */
export type StripeFault = 'drop' | 'lose' | 'error-after' | 'error-before' | number;

export interface StripeRequest {
  /** `POST /v1/payment_intents` */
  readonly route: string;
  readonly idempotencyKey: string | null;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}
interface Remembered {
  readonly request: string;
  answer: Answer | null;
}

const SERVER_ERROR: Answer = answer(500, {
  error: { type: 'api_error', message: 'An error occurred on our side.' },
});

/**
 * Speaks Stripe's API over real HTTP, as far as the portal uses it: idempotency keys (the same key and body have the same response,
 * errors and 500s included; another body is refused; a second request while the first one runs gets 409), test cards, hosted pages
 * that can be clicked, signed webhooks and faults. `bank.entries` is the money that has really moved.
 */
export class StripeServer {
  readonly secretKey = 'sk_test_of_no_value';
  readonly webhookSecret = 'whsec_of_no_value';
  readonly webhooks = new StripeWebhooks();
  readonly bank = new StripeBank((type, object) => this.webhooks.announce(type, object));
  /** Every request, faults included. */
  readonly requests: StripeRequest[] = [];
  /** The fault of a request, or none. */
  faultOf: (request: StripeRequest) => StripeFault | undefined = () => undefined;
  readonly #keys = new Map<string, Remembered>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<StripeServer> {
    const server = new StripeServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Events are sent there from now on; null: nowhere. */
  sendWebhooks(options: Omit<WebhookOptions, 'secret'> | null): void {
    this.webhooks.options = options && { ...options, secret: this.webhookSecret };
  }

  /** Charges that have happened with this member in their metadata. */
  chargesOf(name: string, value: string) {
    return this.bank.entries.filter(({ kind, metadata }) => kind === 'charge' && metadata[name] === value);
  }

  /** Idempotency keys are forgotten, as Stripe does after a day at least. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  async stop(): Promise<void> {
    await this.webhooks.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (!pathname.startsWith('/v1/')) return this.#servePage(request, response, pathname, body);
    const key = request.headers['idempotency-key'];
    const call: StripeRequest = {
      route: `${request.method} ${pathname}`,
      idempotencyKey: typeof key === 'string' ? key : null,
      body,
    };
    this.requests.push(call);
    const fault = this.faultOf(call);
    if (fault === 'lose') return void request.socket.destroy();
    const isKnown = request.headers.authorization === `Bearer ${this.secretKey}`;
    const result = isKnown
      ? await this.#once(call, fault, () => this.#work(call, searchParams))
      : answer(401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided.' } });
    if (fault === 'drop') return void request.socket.destroy();
    response.writeHead(result.status, {
      'content-type': 'application/json',
      'request-id': `req_${randomBytes(7).toString('hex')}`,
    });
    response.end(result.body);
  }

  /** The work of a request, or what its key remembers. */
  async #once(call: StripeRequest, fault: StripeFault | undefined, work: () => Answer): Promise<Answer> {
    const key = call.idempotencyKey;
    const request = `${call.route}\n${call.body}`;
    const known = key === null ? undefined : this.#keys.get(key);
    if (known && known.request !== request)
      return answer(400, {
        error: {
          type: 'idempotency_error',
          message:
            'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        },
      });
    if (known?.answer) return known.answer;
    if (known)
      return answer(409, { error: { type: 'invalid_request_error', code: 'idempotency_key_in_use' } });
    const remembered: Remembered = { request, answer: null };
    if (key !== null) this.#keys.set(key, remembered);
    if (typeof fault === 'number') await new Promise((resolve) => setTimeout(resolve, fault));
    const result = fault === 'error-before' ? SERVER_ERROR : work();
    // Also a 500 is remembered: whoever repeats the request gets it again, and must read what has happened.
    remembered.answer = fault === 'error-after' ? SERVER_ERROR : result;
    return remembered.answer;
  }

  #work({ route, body }: StripeRequest, query: URLSearchParams): Answer {
    try {
      const [method = '', path = ''] = route.split(' ');
      const { handler, id } = findRoute(method, path);
      return answer(200, handler(this.bank, { form: readForm(body), query, id, origin: this.url }));
    } catch (error) {
      if (error instanceof StripeRefusal) return answer(error.status, { error: error.body });
      throw error;
    }
  }

  #servePage(request: IncomingMessage, response: ServerResponse, path: string, body: string): void {
    try {
      const form = request.method === 'POST' ? new URLSearchParams(body) : null;
      const announce = this.webhooks.announce.bind(this.webhooks);
      const result = servePage(this.bank, announce, path, form);
      if ('html' in result)
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(result.html);
      else response.writeHead(303, { location: result.location }).end();
    } catch (error) {
      response.writeHead(error instanceof StripeRefusal ? error.status : 500).end();
    }
  }
}

function answer(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) };
}
