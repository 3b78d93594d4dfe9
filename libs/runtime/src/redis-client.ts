import { AppError, DEADLINE_EXCEEDED } from '@gridworks/contracts';
import { type DependencyProbe, type Logger, scrubText } from '@gridworks/observability';
import type { RedisClientType } from '@redis/client';
import { explainRedisError, redisAway } from './redis.errors.ts';

export interface RedisOptions {
  /** `redis[s]://[user:password@]host[:port][/database]` */
  readonly url: string;
  readonly logger: Logger;
  /** What works less well without Redis, for `/health`: `redis is away: rate limits are kept per gateway instance`. */
  readonly degraded: string;
  /** Milliseconds until a command counts as unanswered. */
  readonly commandTimeoutMs?: number;
}

type Connection = RedisClientType;

const commandTimeoutMs = 250;
const connectTimeoutMs = 1000;
// A handshake that hangs (the kernel of a frozen server accepts, the server says nothing) ends after this.
const silenceMs = 2000;
const pingEveryMs = 1000;
const reconnectDelayMs = (retries: number) =>
  Math.min(50 * 2 ** Math.min(retries, 6), 500) * (0.75 + Math.random() / 2);

/**
 * Redis for what may be lost: never money, never an inbox. A command is sent at once or refused at once; nothing
 * is queued while Redis is away, and nothing is sent twice. Reconnects for ever. One command without an answer
 * is enough to stop sending more until a ping comes back, so a frozen server holds up callers once, not each.
 */
export class RedisClient implements DependencyProbe {
  readonly name = 'redis';
  readonly critical = false;
  readonly #options: RedisOptions;
  readonly #create: () => Connection;
  readonly #timeoutMs: number;
  #connection: Connection;
  #ready = false;
  #suspect = false;
  #closed = false;
  #lost = 0;
  #boot: string | null = null;

  private constructor(options: RedisOptions, create: () => Connection) {
    this.#options = options;
    this.#timeoutMs = options.commandTimeoutMs ?? commandTimeoutMs;
    this.#create = create;
    this.#connection = this.#open();
  }

  /** Loads the client and begins to connect. Does not wait for Redis, which may be away. */
  static async connect(options: RedisOptions): Promise<RedisClient> {
    const { createClient } = await import('@redis/client');
    return new RedisClient(options, () =>
      createClient({
        url: options.url,
        disableOfflineQueue: true,
        disableClientInfo: true,
        maintNotifications: 'disabled',
        pingInterval: pingEveryMs,
        commandsQueueMaxLength: 10_000,
        socket: {
          connectTimeout: connectTimeoutMs,
          socketTimeout: silenceMs,
          reconnectStrategy: (retries) => reconnectDelayMs(retries),
        },
      }),
    );
  }

  /**
   * Runs one command, `redis.command((client) => client.get('key'))`.
   * @throws AppError UNAVAILABLE at once while Redis is away: it was not sent. AppError DEADLINE_EXCEEDED after
   * 250 ms, or when the connection broke: it may have been carried out. Redis' own error replies as they are.
   */
  async command<T>(run: (client: Connection) => Promise<T>): Promise<T> {
    if (!this.#ready || this.#suspect) throw redisAway();
    return this.#send(run, this.#connection);
  }

  async check(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#ready) throw redisAway();
    await this.#send((client) => client.ping(), this.#connection);
    this.#suspect = false;
  }

  connectionsLost(): number {
    return this.#lost;
  }

  /** The server's `run_id`. */
  boot(): string | null {
    return this.#boot;
  }

  degraded(): string | null {
    return this.#ready && !this.#suspect ? null : this.#options.degraded;
  }

  async reset(): Promise<void> {
    if (this.#closed) return;
    const before = this.#connection;
    this.#ready = false;
    this.#suspect = false;
    this.#connection = this.#open();
    before.destroy();
  }

  /** Ends the connection; commands in flight fail. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = false;
    this.#connection.destroy();
  }

  /** Called by Nest when it is a provider. */
  onApplicationShutdown(): void {
    this.close();
  }

  async #send<T>(run: (client: Connection) => Promise<T>, connection: Connection): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          new AppError(DEADLINE_EXCEEDED, { detail: `Redis did not answer within ${this.#timeoutMs} ms` }),
        );
        this.#doubt(connection);
      }, this.#timeoutMs);
    });
    const answer = run(connection);
    answer.catch(() => undefined); // it may fail after nobody waits for it any more
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      throw explainRedisError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A command went unanswered. One ping decides: was that command slow, or is the server away? */
  #doubt(connection: Connection): void {
    if (this.#suspect || this.#closed || connection !== this.#connection) return;
    this.#suspect = true;
    this.#send((client) => client.ping(), connection).then(
      () => {
        this.#suspect = false;
      },
      () => {
        if (connection !== this.#connection || this.#closed) return;
        if (this.#ready) this.#lost++;
        this.#options.logger.warn('redis does not answer: connecting anew');
        void this.reset();
      },
    );
  }

  #open(): Connection {
    const connection = this.#create();
    const current = () => connection === this.#connection && !this.#closed;
    connection.on('ready', () => {
      if (!current()) return;
      this.#ready = true;
      this.#suspect = false;
      this.#options.logger.info('redis is connected');
      void this.#readBoot(connection);
    });
    // Emitted at every failed attempt too; without a listener it would end the process.
    connection.on('error', (error: Error) => {
      if (!current() || !this.#ready || connection.isReady) return;
      this.#ready = false;
      this.#lost++;
      this.#options.logger.warn({ reason: scrubText(error.message) }, 'redis is away');
    });
    connection.connect().catch(() => undefined); // rejects only when it is closed while connecting
    return connection;
  }

  async #readBoot(connection: Connection): Promise<void> {
    try {
      const info = await this.#send((client) => client.info('server'), connection);
      this.#boot = /^run_id:([0-9a-f]+)/m.exec(String(info))?.[1] ?? null;
    } catch {
      // known after the next connection
    }
  }
}
