import {
  AppError,
  DEMO_SESSION_NOT_FOUND,
  DEMO_SESSIONS_FULL,
  TOO_MANY_DEMO_SESSIONS,
} from '@gridworks/contracts';
import { clientNetwork } from '@gridworks/runtime';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DemoSession } from './demo-session.ts';

const MOST_SESSIONS = 20;
const MOST_OF_A_NETWORK = 3;
const SWEEP_MS = 5_000;

/** The demo sessions of this process. They are in memory only: a restart ends them. */
@Injectable()
export class DemoSessions implements OnApplicationShutdown {
  readonly #sessions = new Map<string, DemoSession>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * Opens a session for a network address. Throws when that network, or all together, have the maximum number
   * of sessions.
   */
  open(address: string): DemoSession {
    this.#sweep();
    const network = clientNetwork(address);
    const all = [...this.#sessions.values()];
    const own = all.filter((session) => session.network === network);
    if (own.length >= MOST_OF_A_NETWORK)
      throw new AppError(TOO_MANY_DEMO_SESSIONS, { retryAfterMs: untilFirstEnds(own) });
    if (all.length >= MOST_SESSIONS)
      throw new AppError(DEMO_SESSIONS_FULL, { retryAfterMs: untilFirstEnds(all) });
    const session = new DemoSession(network);
    this.#sessions.set(session.id, session);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    return session;
  }

  /** Throws when the session never existed or has ended. */
  get(id: string): DemoSession {
    this.#sweep();
    const session = this.#sessions.get(id);
    if (!session) throw new AppError(DEMO_SESSION_NOT_FOUND);
    return session;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#sessions.values()].map((session) => session.end()));
    this.#sessions.clear();
  }

  #sweep(): void {
    for (const session of this.#sessions.values())
      if (session.endsAt <= Date.now()) {
        this.#sessions.delete(session.id);
        void session.end();
      }
  }
}

const untilFirstEnds = (sessions: readonly DemoSession[]): number =>
  Math.max(1_000, Math.min(...sessions.map(({ endsAt }) => endsAt)) - Date.now());
