import type { DependencyProbe } from '@gridworks/observability';
import { type HealingEnvironment, ProbedBreaker, processEnvironment } from '@gridworks/resilience';
import { explainRedisError } from './redis.errors.ts';
import { type RedisConnection, RedisLink, type RedisLinkOptions } from './redis-link.ts';
import { type RedisOperationOptions, redisSite } from './redis-site.ts';

export interface RedisOptions extends RedisLinkOptions {
  /** The service of its call sites: `<service>.redis.<operation>`. */
  readonly service: string;
  /**
   * How the service is degraded without Redis, for `/health`: `redis is away: rate limits are kept per
   * gateway instance`.
   */
  readonly degraded: string;
  /**
   * The environment that heals its operations, and receives their errors. Default: the environment of the
   * process.
   */
  readonly healing?: HealingEnvironment;
}

type Run = (client: RedisConnection) => Promise<unknown>;

// The time limit for repeats while a caller waits: after a reset, or instead of a corrupt entry.
const REPEAT_WITHIN_MS = 100;

/**
 * Redis for data that may be lost: never money, never an inbox. A command is sent at once, or refused at once
 * while Redis is away; the client always reconnects (see `RedisLink`).
 */
export class RedisClient implements DependencyProbe {
  readonly name = 'redis';
  readonly critical = false;
  readonly #options: RedisOptions;
  readonly #environment: HealingEnvironment;
  readonly #link: RedisLink;
  readonly #command: (run: Run) => Promise<unknown>;

  private constructor(options: RedisOptions, environment: HealingEnvironment, link: RedisLink) {
    this.#options = options;
    this.#environment = environment;
    this.#link = link;
    this.#command = this.operation('command', (client, run: Run) => run(client));
  }

  /** Loads the client and starts to connect. Does not wait for Redis, which may be away. */
  static async connect(options: RedisOptions): Promise<RedisClient> {
    const environment = options.healing ?? processEnvironment;
    const breaker = environment.breakers.named('redis', { halfOpenAfterMs: 1000 });
    const probed = new ProbedBreaker(breaker, { probe: () => void link.ping().catch(() => undefined) });
    const link = await RedisLink.connect(options, () => probed.responded());
    return new RedisClient(options, environment, link);
  }

  /**
   * Runs one command, `redis.command((client) => client.get('key'))`. Guarded and reported as the call site
   * `<service>.redis.command`, where nothing may replace the result; see `operation`.
   * @throws AppError UNAVAILABLE at once while Redis is away: the command was not sent. AppError
   * DEADLINE_EXCEEDED after 250 ms, or when the connection broke: the command may have been done. Redis' own
   * error replies are thrown unchanged.
   */
  command<T>(run: (client: RedisConnection) => Promise<T>): Promise<T> {
    return this.#command(run) as Promise<T>;
  }

  /**
   * Creates an operation with a call site of its own, `<service>.redis.<name>`: the right reaction to a
   * failure depends on the purpose of the operation. Create it once, not for each call. Throws as `command`
   * does when nothing heals the failure.
   */
  operation<A extends unknown[], T>(
    name: string,
    run: (client: RedisConnection, ...args: A) => Promise<T>,
    options: RedisOperationOptions<A, T> = {},
  ): (...args: A) => Promise<T> {
    const link = this.#link;
    return redisSite(run, options, {
      source: `${this.#options.service}.redis.${name}`,
      environment: this.#environment,
      send: (command) => link.send(command),
      recover: () => link.recover(),
      remainingMs: () => (link.isThere ? REPEAT_WITHIN_MS : 0),
    });
  }

  /** One attempt, not healed and not reported: for checks that are repeated anyway. */
  attempt<T>(run: (client: RedisConnection) => Promise<T>): Promise<T> {
    return explained(this.#link.send(run));
  }

  async check(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await explained(this.#link.ping());
  }

  connectionsLost(): number {
    return this.#link.lost;
  }

  boot(): string | null {
    return this.#link.boot;
  }

  degraded(): string | null {
    return this.#link.isThere ? null : this.#options.degraded;
  }

  async reset(): Promise<void> {
    this.#link.reset();
  }

  /** Closes the connection; commands in flight fail. */
  close(): void {
    this.#link.close();
  }

  /** Called by Nest when this is a provider. */
  onApplicationShutdown(): void {
    this.close();
  }
}

async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainRedisError(error);
  }
}
