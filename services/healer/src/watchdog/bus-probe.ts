import { type NatsAddress, natsGreeting } from '../verification/nats-probe.ts';

/** The healer's own connection to the bus; null before the first connect. */
export interface BusConnection {
  state(): string;
  /** Throws when the server does not respond within a second. */
  rtt(): Promise<number>;
  serverId(): string | null;
}

/**
 * `healthy`; `suspicious`: not known to work; `hangs`: it accepts connections and does not respond; `gone`:
 * nothing listens; `not-storing`: it responds, and stores nothing.
 */
export type BusCondition = 'healthy' | 'suspicious' | 'hangs' | 'gone' | 'not-storing';

const GREETING_TIMEOUT_MS = 800;
/** So many requests in a row must stay without a response, and a fresh connection without a greeting. */
const UNANSWERED = 2;
/** So many writes in a row must fail, over this time. A busy store is slow, and no reason for a restart. */
const FAILED_STORES = 3;
const NOT_STORING_AFTER_MS = 4000;
/** While NATS is healthy the store is checked no more often than this. */
const STORE_EVERY_MS = 2000;
const STORE_AGAIN_MS = 500;

/**
 * Probes NATS in independent ways: the healer's own connection, a raw connection that waits for its greeting,
 * and whether JetStream stores what it confirms.
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
    /** Writes and reads back; throws when that fails. Null while there is no bus. */
    private readonly storeCheck: () => { run(): Promise<void> } | null = () => null,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** One probe; takes up to two seconds while NATS hangs. */
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

  /** Resets the counts: results from while this process was held up prove nothing. */
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
      // The connection was lost meanwhile: that says nothing about the store.
      if (this.connection()?.state() !== 'connected') return 'suspicious';
      this.#storeError = (error as Error).message;
      this.#failedStores++;
      this.#storeFailingSince ??= this.clock();
      const lasting = this.clock() - this.#storeFailingSince >= NOT_STORING_AFTER_MS;
      return lasting && this.#failedStores >= FAILED_STORES ? 'not-storing' : 'suspicious';
    }
  }

  /** Identity of the boot that hangs, if the healer was connected to it. */
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
