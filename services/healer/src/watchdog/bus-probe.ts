import { type NatsAddress, natsGreeting } from '../verification/nats-probe.ts';

/** Our own connection, as far as there is one: before it is first made there is none. */
export interface BusConnection {
  state(): string;
  /** Throws when the server does not answer within a second. */
  rtt(): Promise<number>;
  serverId(): string | null;
}

/** `well`; `hangs`: it takes connections and says nothing; `gone`: nothing listens; `not-storing`: it answers, and keeps nothing. */
export type BusCondition = 'healthy' | 'suspicious' | 'hangs' | 'gone' | 'not-storing';

const GREETING_TIMEOUT_MS = 800;
/** So many questions in a row must stay unanswered, and a fresh connection ungreeted. */
const UNANSWERED = 2;
/** So many writes in a row must fail, over so long. A busy store is slow, and no reason to restart anything. */
const FAILED_STORES = 3;
const NOT_STORING_AFTER_MS = 4000;
/** While all is well the store is checked no more often than this. */
const STORE_EVERY_MS = 2000;
const STORE_AGAIN_MS = 500;

/**
 * Probes NATS in ways that share nothing: our own connection, a raw one that waits for its greeting, and whether JetStream
 * keeps what it confirms.
 */
export class BusProbe {
  #noResponse = 0;
  #failedStores = 0;
  #storeFailingSince: number | null = null;
  #storeCheckedAt = Number.NEGATIVE_INFINITY;
  #storeError: string | null = null;

  constructor(
    private readonly address: NatsAddress,
    private readonly connection: () => BusConnection | null,
    /** Writes and reads back; throws when that did not work. Null while there is no bus. */
    private readonly storeCheck: () => { run(): Promise<void> } | null = () => null,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** One look; takes up to two seconds while NATS hangs. */
  async probe(): Promise<BusCondition> {
    const connection = this.connection();
    if (connection?.state() === 'connected') {
      try {
        await connection.rtt();
        this.#noResponse = 0;
      } catch {
        this.#noResponse++;
        if (this.#noResponse < UNANSWERED) return 'suspicious';
        return this.#greeting();
      }
      return this.#store();
    }
    this.#storeFailingSince = null;
    this.#failedStores = 0;
    const greeting = await this.#greeting();
    if (greeting !== 'hangs') return greeting === 'healthy' ? 'suspicious' : greeting;
    this.#noResponse++;
    return this.#noResponse < UNANSWERED ? 'suspicious' : 'hangs';
  }

  /** What was heard while we ourselves were held up proves nothing. */
  forgive(): void {
    this.#noResponse = 0;
    this.#failedStores = 0;
    this.#storeFailingSince = null;
  }

  /** Why the last write failed, or null. */
  storeError(): string | null {
    return this.#storeError;
  }

  async #store(): Promise<BusCondition> {
    const check = this.storeCheck();
    const failing = this.#storeFailingSince !== null;
    const due = this.clock() - this.#storeCheckedAt >= (failing ? STORE_AGAIN_MS : STORE_EVERY_MS);
    if (!check || !due) return failing ? 'suspicious' : 'healthy';
    this.#storeCheckedAt = this.clock();
    try {
      await check.run();
      this.#storeFailingSince = null;
      this.#failedStores = 0;
      this.#storeError = null;
      return 'healthy';
    } catch (error) {
      // The connection went meanwhile: that says nothing about the store.
      if (this.connection()?.state() !== 'connected') return 'suspicious';
      this.#storeError = (error as Error).message;
      this.#failedStores++;
      this.#storeFailingSince ??= this.clock();
      const lasting = this.clock() - this.#storeFailingSince >= NOT_STORING_AFTER_MS;
      return lasting && this.#failedStores >= FAILED_STORES ? 'not-storing' : 'suspicious';
    }
  }

  /** Identity of the boot that hangs, when we were connected to it. */
  boot(): string | null {
    return this.connection()?.serverId() ?? null;
  }

  async #greeting(): Promise<'healthy' | 'hangs' | 'gone'> {
    try {
      await natsGreeting(this.address, GREETING_TIMEOUT_MS);
      this.#noResponse = 0;
      return 'healthy';
    } catch (error) {
      return (error as { code?: unknown }).code === 'ECONNREFUSED' ? 'gone' : 'hangs';
    }
  }
}
