import type { Logger } from '@gridworks/observability';
import { redactText } from '@gridworks/redaction';
import type { RedisClientType } from '@redis/client';
import { isDemoted, RedisTimeoutError } from './redis.errors.ts';

export type RedisConnection = RedisClientType;

export interface RedisLinkOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Milliseconds after which a command counts as without a response. */
  readonly commandTimeoutMs?: number;
}

const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1000;
// The time limit of a handshake that hangs (the kernel of a frozen server accepts, the server sends nothing).
const SILENCE_MS = 2000;
const PING_EVERY_MS = 1000;
const reconnectDelayMs = (retries: number) =>
  Math.min(50 * 2 ** Math.min(retries, 6), 500) * (0.75 + Math.random() / 2);

/**
 * One connection to Redis that always reconnects. A command is sent at once or refused at once; nothing is
 * queued while Redis is away, and nothing is sent twice. After one command without a response no more are
 * sent until a ping succeeds, so a frozen server delays callers once, not each time. Its errors are those of
 * the client.
 */
export class RedisLink {
  readonly #logger: Logger;
  readonly #create: () => RedisConnection;
  readonly #offline: () => Error;
  readonly #onResponse: () => void;
  readonly #timeoutMs: number;
  #connection: RedisConnection;
  #whenReady = Promise.withResolvers<void>();
  #ready = false;
  #suspect = false;
  #demoted = false;
  #closed = false;
  #lost = 0;
  #boot: string | null = null;

  private constructor(
    options: RedisLinkOptions,
    create: () => RedisConnection,
    offline: () => Error,
    onResponse: () => void,
  ) {
    this.#logger = options.logger;
    this.#timeoutMs = options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS;
    this.#create = create;
    this.#offline = offline;
    this.#onResponse = onResponse;
    this.#connection = this.#open();
  }

  /**
   * Loads the client and starts to connect. Does not wait for Redis, which may be away.
   * @param onResponse called for each response to a ping or a greeting
   */
  static async connect(options: RedisLinkOptions, onResponse: () => void): Promise<RedisLink> {
    const { createClient, ClientOfflineError } = await import('@redis/client');
    const create = () =>
      createClient({
        url: options.url,
        disableOfflineQueue: true,
        disableClientInfo: true,
        maintNotifications: 'disabled',
        pingInterval: PING_EVERY_MS,
        commandsQueueMaxLength: 10_000,
        socket: {
          connectTimeout: CONNECT_TIMEOUT_MS,
          socketTimeout: SILENCE_MS,
          reconnectStrategy: (retries) => reconnectDelayMs(retries),
        },
      });
    return new RedisLink(options, create, () => new ClientOfflineError(), onResponse);
  }

  /** Whether Redis is there, as far as is known. */
  get isThere(): boolean {
    return this.#ready && !this.#suspect;
  }

  /** The number of connections that broke. */
  get lost(): number {
    return this.#lost;
  }

  /** The server's `run_id`; null before the first connection. */
  get boot(): string | null {
    return this.#boot;
  }

  /** Runs a command. Throws a `ClientOfflineError` at once when Redis is known to be away: it was not sent. */
  async send<T>(run: (client: RedisConnection) => Promise<T>): Promise<T> {
    if (!this.isThere) throw this.#offline();
    try {
      return await this.#send(run, this.#connection);
    } catch (error) {
      if (isDemoted(error)) this.#demoted = true;
      throw error;
    }
  }

  /** Throws when Redis does not respond. Also pings after a command without a response. */
  async ping(): Promise<void> {
    if (!this.#ready) throw this.#offline();
    await this.#ping(this.#connection);
  }

  /**
   * The client makes a new connection after one broke, so this waits for it. A connection to a replica is
   * given up.
   */
  async recover(): Promise<void> {
    if (this.#demoted) this.reset();
    if (!this.#ready) await this.#whenReady.promise;
  }

  /** Makes a new connection; commands in flight fail. */
  reset(): void {
    if (this.#closed) return;
    const before = this.#connection;
    this.#ready = this.#suspect = this.#demoted = false;
    this.#connection = this.#open();
    before.destroy();
  }

  /** Closes the connection; commands in flight fail. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = false;
    this.#connection.destroy();
  }

  async #ping(connection: RedisConnection): Promise<void> {
    await this.#send((client) => client.ping(), connection);
    this.#suspect = false;
    this.#onResponse();
  }

  async #send<T>(run: (client: RedisConnection) => Promise<T>, connection: RedisConnection): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new RedisTimeoutError(this.#timeoutMs));
        this.#doubt(connection);
      }, this.#timeoutMs);
    });
    const result = run(connection);
    result.catch(() => undefined); // it may fail when nothing waits for it any more
    try {
      return await Promise.race([result, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A command got no response. One ping decides whether that command was slow, or the server is away. */
  #doubt(connection: RedisConnection): void {
    if (this.#suspect || this.#closed || connection !== this.#connection) return;
    this.#suspect = true;
    this.#ping(connection).catch(() => {
      if (connection !== this.#connection || this.#closed) return;
      if (this.#ready) this.#lost++;
      this.#logger.log('redis.unresponsive');
      this.reset();
    });
  }

  #open(): RedisConnection {
    const connection = this.#create();
    const current = () => connection === this.#connection && !this.#closed;
    connection.on('ready', () => {
      if (!current()) return;
      this.#ready = true;
      this.#suspect = false;
      this.#logger.log('redis.connected');
      this.#whenReady.resolve();
      this.#whenReady = Promise.withResolvers();
      this.#onResponse();
      void this.#readBoot(connection);
    });
    // Emitted at every failed attempt too; without a listener it would end the process.
    connection.on('error', (error: Error) => {
      if (!current() || !this.#ready || connection.isReady) return;
      this.#ready = false;
      this.#lost++;
      this.#logger.log('redis.disconnected', { reason: redactText(error.message) });
    });
    connection.connect().catch(() => undefined); // rejects only when the connection is closed while connecting
    return connection;
  }

  async #readBoot(connection: RedisConnection): Promise<void> {
    try {
      const info = await this.#send((client) => client.info('server'), connection);
      this.#boot = /^run_id:([0-9a-f]+)/m.exec(String(info))?.[1] ?? null;
    } catch {
      // known after the next connection
    }
  }
}
