import { type NatsAddress, natsGreeting } from '../verification/nats-probe.ts';

/** Our own connection, as far as there is one: before it is first made there is none. */
export interface BusConnection {
  state(): string;
  /** Throws when the server does not answer within a second. */
  rtt(): Promise<number>;
  serverId(): string | null;
}

/** `well`; `hangs`: it takes connections and says nothing; `gone`: nothing listens. */
export type BusCondition = 'well' | 'suspicious' | 'hangs' | 'gone';

const GREETING_TIMEOUT_MS = 800;
/** So many questions in a row must stay unanswered, and a fresh connection ungreeted. */
const UNANSWERED = 2;

/** Looks at NATS in two ways that share nothing: our own connection, and a raw one that waits for its greeting. */
export class BusSense {
  #unanswered = 0;

  constructor(
    private readonly address: NatsAddress,
    private readonly connection: () => BusConnection | null,
  ) {}

  /** One look; takes up to two seconds while NATS hangs. */
  async look(): Promise<BusCondition> {
    const connection = this.connection();
    if (connection?.state() === 'connected') {
      try {
        await connection.rtt();
        this.#unanswered = 0;
        return 'well';
      } catch {
        this.#unanswered++;
        if (this.#unanswered < UNANSWERED) return 'suspicious';
        return this.#greeting();
      }
    }
    const greeting = await this.#greeting();
    if (greeting !== 'hangs') return greeting === 'well' ? 'suspicious' : greeting;
    this.#unanswered++;
    return this.#unanswered < UNANSWERED ? 'suspicious' : 'hangs';
  }

  /** What was heard while we ourselves were held up proves nothing. */
  forgive(): void {
    this.#unanswered = 0;
  }

  /** Identity of the boot that hangs, when we were connected to it. */
  boot(): string | null {
    return this.connection()?.serverId() ?? null;
  }

  async #greeting(): Promise<'well' | 'hangs' | 'gone'> {
    try {
      await natsGreeting(this.address, GREETING_TIMEOUT_MS);
      this.#unanswered = 0;
      return 'well';
    } catch (error) {
      return (error as { code?: unknown }).code === 'ECONNREFUSED' ? 'gone' : 'hangs';
    }
  }
}
