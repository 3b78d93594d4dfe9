import { setTimeout as sleep } from 'node:timers/promises';

type Json = Record<string, unknown>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface CallOptions {
  readonly body?: object;
  /** Sent as a program does, instead of the cookies. */
  readonly key?: string;
}

const TIMEOUT_MS = 20_000;
/** For how long a request is repeated that the portal was too busy for. */
const BUSY_MS = 30_000;
/** Where the status is printed. */
const COLUMN = 68;

/** Makes requests as a page of the console does: with cookies, from the portal's origin, and with the token for writes. */
export class PortalPage {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  #csrfToken = '';

  /** @param url the origin of the portal */
  constructor(url: string) {
    this.#url = url;
  }

  /** Prints the request with its status and a sentence. Throws unless the request succeeds. */
  async call<T = Json>(method: Method, path: string, what: string, options: CallOptions = {}): Promise<T> {
    const { status, body } = await this.#send(method, path, options);
    process.stdout.write(`${`${method} ${path}`.padEnd(COLUMN)} ${status}  ${what}\n`);
    return body as T;
  }

  /** Reads without a line of output. Throws unless the request succeeds. */
  async read<T>(path: string, options: CallOptions = {}): Promise<T> {
    return (await this.#send('GET', path, options)).body as T;
  }

  /** The bytes of a file. Throws unless the request succeeds. */
  async file(path: string): Promise<Buffer> {
    const headers = this.#headers();
    const response = await fetch(`${this.#url}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`GET ${path} returns ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async #send(
    method: Method,
    path: string,
    options: CallOptions,
  ): Promise<{ status: number; body: unknown }> {
    const { response, text } = await this.#fetch(method, path, options, Date.now() + BUSY_MS);
    if (!response.ok) throw new Error(`${method} ${path} returns ${response.status}: ${text}`);
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    const json = JSON.parse(text) as Json & { session?: Json | null };
    const token = json.csrf_token ?? json.session?.csrf_token;
    if (typeof token === 'string') this.#csrfToken = token;
    return { status: response.status, body: json };
  }

  /** A portal that has just started on a busy machine may say that nothing was done, and when to come back. */
  async #fetch(
    method: Method,
    path: string,
    { body, key }: CallOptions,
    until: number,
  ): Promise<{ response: Response; text: string }> {
    for (;;) {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: key === undefined ? this.#headers() : { authorization: `Bearer ${key}` },
        ...(method === 'POST' || method === 'PUT' ? { body: JSON.stringify(body ?? {}) } : {}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      const wait = Number(response.headers.get('retry-after')) * 1000;
      if (response.status !== 503 || !(wait > 0) || Date.now() + wait > until) return { response, text };
      await sleep(wait);
    }
  }

  #headers(): Record<string, string> {
    return {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'csrf-token': this.#csrfToken,
    };
  }

  /** A cookie without a value is one that the portal deletes. */
  #keep(set: string): void {
    const [pair = ''] = set.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
