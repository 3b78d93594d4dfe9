import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
// Type-only: the plan may come as JSON, so that the supervisor does not load the contracts.
import type { ProvisionPlan } from '../permissions/provision-plan.ts';

export interface ProvisionerOptions {
  /** `nats://host:port`; several are separated by commas. */
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly plan: ProvisionPlan;
  /**
   * Called after each round, with what was created and what could not be. Both lists are empty when
   * everything existed.
   */
  readonly onRound?: (round: ProvisionRound) => void;
}

export interface ProvisionRound {
  readonly made: readonly string[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

interface ApiResponse {
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
  readonly streams?: readonly string[] | null;
  readonly consumers?: readonly string[] | null;
  readonly total?: number;
}

const POLL_EVERY_MS = 1000;
/**
 * For up to a second after 2.9 reports a stream as deleted, it still removes the stream's files, also those
 * of a new stream of the same name.
 */
const SETTLE_MS = 1100;
const REQUEST_TIMEOUT_MS = 2000;
const CONNECT_EVERY_MS = 250;
const INBOX_PREFIX = '_INBOX_provisioner';
// Error code of 2.9 and newer: a stream with this name and another configuration exists.
const STREAM_IN_OTHER_SHAPE = 10058;

/**
 * Creates the streams, buckets and durable consumers of a plan: at once, and again whenever the server has
 * lost any, as after `rm -rf` of its store. The provisioner checks once a second and when the server reports
 * a deletion. A user that may create a consumer can have the server deliver to any subject, so no service
 * may; the provisioner's user is the only one.
 */
export class Provisioner {
  readonly #options: ProvisionerOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #nc: NatsConnection | undefined;
  #wake = new AbortController();
  /** Streams that existed at the last check of this connection. */
  #present = new Set<string>();
  #settling = false;
  /** Consumers are updated once per connection; after that only missing ones are created. */
  #shaped = false;

  private constructor(options: ProvisionerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Starts the provisioner; see `onRound`. It runs until `stop`, however long the server is away. */
  static start(options: ProvisionerOptions): Provisioner {
    return new Provisioner(options);
  }

  /**
   * Starts the provisioner, and resolves when everything in the plan exists. Rejects after `withinMs` with
   * the list of what is missing.
   */
  static async startAndWait(options: ProvisionerOptions, withinMs: number): Promise<Provisioner> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let last: ProvisionRound = { made: [], failed: [{ name: 'NATS', reason: 'does not respond' }] };
    const provisioner = new Provisioner({
      ...options,
      onRound: (round) => {
        last = round;
        options.onRound?.(round);
        if (round.failed.length === 0) resolve();
      },
    });
    const timeout = sleep(withinMs, 'late', { signal: provisioner.#stopped.signal }).catch(() => 'stopped');
    if ((await Promise.race([promise, timeout])) !== 'late') return provisioner;
    await provisioner.stop();
    throw new Error(last.failed.map(({ name, reason }) => `${name}: ${reason}`).join('; '));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#wake.abort();
    await this.#nc?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      try {
        this.#nc ??= await this.#connect();
        if (!signal.aborted) this.#options.onRound?.(await this.#inspect(this.#nc));
      } catch (error) {
        if (!signal.aborted)
          this.#options.onRound?.({ made: [], failed: [{ name: 'NATS', reason: reasonOf(error) }] });
      }
      await this.#pause(
        this.#nc === undefined ? CONNECT_EVERY_MS : this.#settling ? SETTLE_MS : POLL_EVERY_MS,
      );
    }
    await this.#nc?.close();
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    const signal = this.#settling ? this.#stopped.signal : this.#wake.signal;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    if (!this.#stopped.signal.aborted) this.#wake = new AbortController();
  }

  async #connect(): Promise<NatsConnection> {
    const { servers, user, password } = this.#options;
    const nc = await connect({
      servers: servers.split(','),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { pass: password }),
      name: 'provisioner',
      inboxPrefix: INBOX_PREFIX,
      maxReconnectAttempts: -1,
      reconnectTimeWait: CONNECT_EVERY_MS,
      timeout: REQUEST_TIMEOUT_MS,
      pingInterval: 2000,
      maxPingOut: 2,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
    for (const what of ['STREAM', 'CONSUMER'])
      nc.subscribe(`$JS.EVENT.ADVISORY.${what}.DELETED.>`, { callback: () => this.#wake.abort() });
    void this.#follow(nc);
    return nc;
  }

  /** A server that is back may have lost everything. */
  async #follow(nc: NatsConnection): Promise<void> {
    for await (const { type } of nc.status()) {
      if (type !== 'reconnect') continue;
      this.#shaped = false;
      this.#present.clear();
      this.#wake.abort();
    }
  }

  async #inspect(nc: NatsConnection): Promise<ProvisionRound> {
    const { streams, consumers } = this.#options.plan;
    const made: string[] = [];
    const failed: { name: string; reason: string }[] = [];
    const note = (name: string, { error }: ApiResponse): void => {
      if (error) failed.push({ name, reason: error.description });
      else made.push(name);
    };
    const present = await this.#names(nc, 'STREAM.NAMES', 'streams');
    const settling = streams.filter(({ name }) => this.#present.has(name) && !present.has(name));
    this.#present = present;
    this.#settling = settling.length > 0;
    if (this.#settling)
      return { made, failed: settling.map(({ name }) => ({ name, reason: 'was deleted' })) };
    for (const { name, config } of streams) {
      if (present.has(name)) continue;
      const response = await this.#call(nc, `STREAM.CREATE.${name}`, config);
      // Another provisioner created the stream first, in another version: the stream works as it is.
      if (response.error?.err_code !== STREAM_IN_OTHER_SHAPE) note(name, response);
      // A stream that is deleted before the next check also needs time to settle.
      if (!response.error) this.#present.add(name);
    }
    const known = new Map<string, Set<string>>();
    for (const { stream, name, filter, config } of consumers) {
      if (failed.some((one) => one.name === stream)) continue;
      if (!known.has(stream))
        known.set(stream, await this.#names(nc, `CONSUMER.NAMES.${stream}`, 'consumers'));
      const exists = known.get(stream)?.has(name) === true;
      if (exists && this.#shaped) continue;
      const request = { stream_name: stream, config, action: '' };
      const response = await this.#call(nc, `CONSUMER.CREATE.${stream}.${name}.${filter}`, request);
      if (!exists || response.error) note(name, response);
    }
    this.#shaped = failed.length === 0;
    return { made, failed };
  }

  async #names(nc: NatsConnection, verb: string, member: 'streams' | 'consumers'): Promise<Set<string>> {
    const names = new Set<string>();
    for (;;) {
      const response = await this.#call(nc, verb, { offset: names.size });
      if (response.error) return names;
      const page = response[member] ?? [];
      for (const name of page) names.add(name);
      if (page.length === 0 || names.size >= (response.total ?? 0)) return names;
    }
  }

  async #call(nc: NatsConnection, verb: string, body: unknown): Promise<ApiResponse> {
    const reply = await nc.request(`$JS.API.${verb}`, JSON.stringify(body), { timeout: REQUEST_TIMEOUT_MS });
    return reply.json<ApiResponse>();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
