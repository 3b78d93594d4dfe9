import { randomUUID } from 'node:crypto';
import { NoResponse, PortalClient } from '../system/portal-client.ts';
import type { ProbeRecord } from './measure-requests.ts';

export const REQUESTS_PER_SECOND = 50;
const REQUEST_TIMEOUT_MS = 3000;

/** A ticket whose opening was acknowledged: it must exist from then on. */
export interface Acknowledged {
  readonly ticketId: string;
  readonly key: string;
}

/** Metered calls by their outcome, for each credential. */
export interface Metered {
  /** The gateway responded: each call must be counted once. */
  answered: number;
  /** It is not known whether the gateway responded: each call may be counted once. */
  ambiguous: number;
}

/**
 * One route of each kind of work: without and with the database, reading and writing, every service behind
 * the gateway.
 */
const ROUTES = [
  { route: 'GET /v1/plans', path: '/v1/plans' },
  { route: 'GET /v1/me', path: '/v1/me' },
  { route: 'POST /v1/tickets', path: '/v1/tickets' },
  { route: 'GET /v1/plans', path: '/v1/plans' },
  { route: 'GET /v1/usage', path: '/v1/usage' },
] as const;

/**
 * Partners at work: 50 requests a second, sent when they are due whatever the outcome of earlier ones, as
 * independent clients do. Records each request, and what was promised to it.
 */
export class ProbeClient {
  readonly records: ProbeRecord[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly metered = new Map<string, Metered>();
  readonly #client: PortalClient;
  readonly #keys: readonly string[];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #startedAt: number | null = null;
  #sent = 0;

  /** `keys`: API keys, taken in turn. `now`: epoch ms of a clock that does not jump. */
  constructor(url: string, keys: readonly string[], now: () => number) {
    this.#client = new PortalClient(url, 256);
    this.#keys = keys;
    this.#now = now;
    for (const key of keys) this.metered.set(key, { answered: 0, ambiguous: 0 });
  }

  start(): void {
    const startedAt = this.#now();
    this.#startedAt = startedAt;
    const begun = this.#sent;
    this.#timer = setInterval(() => {
      const due = begun + Math.floor(((this.#now() - startedAt) / 1000) * REQUESTS_PER_SECOND);
      while (this.#sent < due) this.#send();
    }, 1000 / REQUESTS_PER_SECOND);
  }

  /** Sends no more requests, and waits for outstanding responses. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
    this.#client.close();
  }

  /** Whether every route succeeded, and nothing failed, for the last `ms`. */
  goodFor(ms: number): boolean {
    const since = this.#now() - ms;
    if (this.#startedAt === null || this.#startedAt > since) return false;
    const recent = this.records.filter((record) => record.endedAt >= since);
    const routes = new Set(recent.filter(({ outcome }) => outcome === 'ok').map(({ route }) => route));
    return recent.every(({ outcome }) => outcome === 'ok') && ROUTES.every(({ route }) => routes.has(route));
  }

  /** The failures so far, for people. */
  failures(): string[] {
    const bad = this.records.filter(({ outcome }) => outcome !== 'ok');
    return [...new Set(bad.map(({ route, outcome }) => `${route}: ${outcome}`))];
  }

  #send(): void {
    const number = this.#sent++;
    const one = ROUTES[number % ROUTES.length]!;
    // The key changes once per round, so that each key makes every kind of call.
    const key = this.#keys[Math.floor(number / ROUTES.length) % this.#keys.length]!;
    const work = this.#request(one.route, one.path, key).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  async #request(route: string, path: string, key: string): Promise<void> {
    const sentAt = this.#now();
    const opens = route.startsWith('POST');
    const metered = this.metered.get(key)!;
    let outcome: string;
    try {
      const { status, body } = await this.#client.call(path, {
        token: key,
        timeoutMs: REQUEST_TIMEOUT_MS,
        ...(opens ? openTicket() : {}),
      });
      outcome = outcomeOf(status, body);
      // A failure of the portal must not be charged to the partner.
      if (status < 500 && status !== 429) metered.answered++;
      if (opens && status === 201) this.acknowledged.push({ ticketId: (body as { id: string }).id, key });
    } catch (error) {
      const code = error instanceof NoResponse ? error.code : 'unknown';
      outcome = code === 'timeout' ? code : `error:${code}`;
      if (code !== 'ECONNREFUSED') metered.ambiguous++;
    }
    this.records.push({ route, sentAt, endedAt: this.#now(), outcome });
  }
}

/** A 503 must say when to retry; one that does not is counted apart. */
function outcomeOf(status: number, body: unknown): string {
  if (status >= 200 && status < 300) return 'ok';
  const hasRetryAfter = typeof (body as { retry_after?: unknown } | null)?.retry_after === 'number';
  return status === 503 && !hasRetryAfter ? '503 without retry_after' : String(status);
}

function openTicket() {
  return {
    method: 'POST' as const,
    body: { subject: 'Is everything all right?', body: 'A question of the probe client.' },
    headers: { 'idempotency-key': `"${randomUUID()}"` },
  };
}
