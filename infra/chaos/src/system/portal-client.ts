import { randomInt } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface Response {
  readonly status: number;
  /** The JSON of the body, or null when it has none. */
  readonly body: unknown;
}

export interface PortalCallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Resolves with the status alone, and reads no body: for streams. */
  readonly headOnly?: boolean;
}

/** The request got no response. `code` is `timeout` or the system's (`ECONNREFUSED`). */
export class NoResponse extends Error {
  override readonly name = 'NoResponse';
  readonly code: string;

  constructor(code: string) {
    super(`no response: ${code}`);
    this.code = code;
  }
}

const TIMEOUT_MS = 3000;

/** A loopback address that has made no call yet: the limits of a network count for each address. */
export const freshAddress = (): string =>
  ['127', ...Array.from({ length: 3 }, () => randomInt(1, 255))].join('.');

/** HTTP to the gateway over kept connections. */
export class PortalClient {
  readonly #url: URL;
  readonly #agent: Agent;

  /** `localAddress`: a loopback address to call from, as another network would; limits count for each. */
  constructor(url: string, maxSockets = 64, localAddress?: string) {
    this.#url = new URL(url);
    this.#agent = new Agent({ keepAlive: true, maxSockets, ...(localAddress ? { localAddress } : {}) });
  }

  /** Sends one request. Resolves with any status; throws NoResponse when there is none. */
  call(path: string, options: PortalCallOptions = {}): Promise<Response> {
    const { method = 'GET', token, body, headers, timeoutMs = TIMEOUT_MS, headOnly } = options;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        reject(new NoResponse('timeout'));
        outgoing.destroy();
      }, timeoutMs);
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(limit);
        reject(new NoResponse(error.code ?? error.message));
      };
      const outgoing = request(
        {
          agent: this.#agent,
          host: this.#url.hostname,
          port: this.#url.port,
          path,
          method,
          headers: {
            accept: 'application/json',
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        (reply) => {
          if (headOnly) {
            clearTimeout(limit);
            resolve({ status: reply.statusCode ?? 0, body: null });
            outgoing.on('error', () => undefined);
            reply.on('error', () => undefined).destroy();
            return;
          }
          const parts: Buffer[] = [];
          reply.on('data', (part: Buffer) => parts.push(part));
          reply.on('error', fail);
          reply.on('aborted', () => fail(Object.assign(new Error('cut off'), { code: 'ECONNRESET' })));
          reply.on('end', () => {
            clearTimeout(limit);
            resolve({ status: reply.statusCode ?? 0, body: parse(Buffer.concat(parts).toString()) });
          });
        },
      );
      outgoing.on('error', fail);
      outgoing.end(payload);
    });
  }

  /** Sends one request that must succeed. Throws with the status and the problem's text otherwise. */
  async get<T>(path: string, options: PortalCallOptions = {}): Promise<T> {
    const { status, body } = await this.call(path, options);
    if (status >= 200 && status < 300) return body as T;
    const detail = (body as { detail?: string; title?: string } | null)?.detail ?? '';
    throw new Error(`${options.method ?? 'GET'} ${path} returned ${status}${detail ? `: ${detail}` : ''}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
