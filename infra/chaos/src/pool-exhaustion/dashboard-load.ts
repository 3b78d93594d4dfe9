import { setTimeout as sleep } from 'node:timers/promises';
import { NoResponse, type PortalClient, type Response } from '../system/portal-client.ts';

/** A person who looks at dashboards and works with the portal. */
export interface DashboardUser {
  readonly email: string;
  readonly password: string;
  readonly session: string;
  /** API keys that were never used: each is checked by auth at its first call. */
  readonly keys: readonly string[];
}

/** What became of requests of one kind. Times in milliseconds. */
export interface LoadFigures {
  readonly sent: number;
  readonly ok: number;
  /** By status and code of the problem, or `timeout`. */
  readonly failed: Readonly<Record<string, number>>;
  readonly longestMs: number;
  /** Panels that showed their data; of critical requests: those that succeeded. */
  readonly served: number;
}

/** Queries of one dashboard; ten users open theirs at once. */
export const PANELS = 16;
/** Log-ins cost much processor time on purpose. */
const LOG_IN_EVERY_MS = 250;
const FIRST_CALL_EVERY_MS = 200;
const RENEWED_EVERY_MS = 1000;
const RESPONSE_LIMIT_MS = 6000;

/** Counts outcomes. */
class Tally {
  sent = 0;
  ok = 0;
  served = 0;
  longestMs = 0;
  readonly failed: Record<string, number> = {};

  async count(call: () => Promise<Response>): Promise<Response | undefined> {
    this.sent++;
    const began = performance.now();
    let response: Response | undefined;
    let outcome: string;
    try {
      response = await call();
      outcome = `${response.status} ${(response.body as { code?: string } | null)?.code ?? ''}`.trim();
    } catch (error) {
      outcome = error instanceof NoResponse ? error.code : String(error);
    }
    this.longestMs = Math.max(this.longestMs, Math.round(performance.now() - began));
    if (response && response.status < 300) this.ok++;
    else this.failed[outcome] = (this.failed[outcome] ?? 0) + 1;
    return response;
  }
}

/**
 * Dashboards and critical work at once. Each dashboard sends all its queries together, renews each a second later, and repeats
 * those that were refused after the time that the portal named, as a page in a browser does. Meanwhile people log in, their fresh
 * sessions are checked, and programs begin to use their keys: that must succeed whatever the dashboards do.
 */
export class DashboardLoad {
  readonly #client: PortalClient;
  readonly #users: readonly DashboardUser[];
  readonly #dashboards = new Tally();
  readonly #critical = new Tally();
  #closing = false;
  #stopped = false;
  #work: Promise<unknown>[] = [];

  constructor(client: PortalClient, users: readonly DashboardUser[]) {
    this.#client = client;
    this.#users = users;
  }

  start(): void {
    this.#work = [
      ...this.#users.flatMap((user) =>
        Array.from({ length: PANELS }, (_, panel) => this.#panel(user, panel + 1)),
      ),
      this.#inTurn(LOG_IN_EVERY_MS, (turn) => this.#logIn(turn)),
      this.#inTurn(FIRST_CALL_EVERY_MS, (turn) => this.#firstCall(turn)),
    ];
  }

  get dashboards(): LoadFigures {
    return { ...this.#dashboards };
  }

  get critical(): LoadFigures {
    return { ...this.#critical, served: this.#critical.ok };
  }

  /** No dashboard renews what it shows; those that show nothing yet go on. */
  closeDashboards(): void {
    this.#closing = true;
  }

  /** Ends everything, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#work);
  }

  /**
   * One query, again and again, a second after each response or when the portal says. Each panel asks for another page
   * size, so that no two are the same request.
   */
  async #panel({ session }: DashboardUser, limit: number): Promise<void> {
    for (let shown = false; ; ) {
      const response = await this.#dashboards.count(() =>
        this.#client.call(`/v1/api-keys?limit=${limit}`, { token: session, timeoutMs: RESPONSE_LIMIT_MS }),
      );
      if (response?.status === 200 && !shown) {
        shown = true;
        this.#dashboards.served++;
      }
      if (this.#stopped || (this.#closing && shown)) return;
      const after = (response?.body as { retry_after?: unknown } | null)?.retry_after;
      await sleep(typeof after === 'number' ? after * 1000 : RENEWED_EVERY_MS);
    }
  }

  /** One each time, whatever became of those before. */
  async #inTurn(everyMs: number, call: (turn: number) => Promise<unknown>): Promise<void> {
    const open: Promise<unknown>[] = [];
    for (let turn = 0; !this.#stopped; turn++) {
      open.push(call(turn));
      await sleep(everyMs);
    }
    await Promise.allSettled(open);
  }

  async #firstCall(turn: number): Promise<void> {
    const { keys } = this.#users[turn % this.#users.length] as DashboardUser;
    const token = keys[Math.floor(turn / this.#users.length)];
    if (token === undefined) return;
    await this.#critical.count(() => this.#client.call('/v1/plans', { token, timeoutMs: RESPONSE_LIMIT_MS }));
  }

  /** By different people, each followed by a request with the new session. */
  async #logIn(turn: number): Promise<void> {
    const { email, password } = this.#users[turn % this.#users.length] as DashboardUser;
    const response = await this.#critical.count(() =>
      this.#client.call('/v1/sessions', {
        method: 'POST',
        body: { email, password },
        timeoutMs: RESPONSE_LIMIT_MS,
      }),
    );
    const token = (response?.body as { token?: string } | null)?.token;
    if (token === undefined) return;
    await this.#critical.count(() =>
      this.#client.call('/v1/browser-sessions/current', { token, timeoutMs: RESPONSE_LIMIT_MS }),
    );
  }
}
