import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@gridworks/observability';
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  PermissionViolationError,
  type Status,
} from '@nats-io/transport-node';
import { unavailable } from '../wire/error-envelope.ts';
import { probeHeaderText } from '../wire/wire-headers.ts';
import { ping } from './ping.ts';

export type BusState = 'connected' | 'disconnected' | 'closed';

export interface ConnectionSettings {
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The name in the server's monitoring. */
  readonly name: string;
  readonly inboxPrefix: string;
  readonly logger?: Logger | undefined;
}

const RECONNECT_MS = 250;
const RECONNECT_TIMEOUT_MS = 5000;
/** How long the server may be silent before it is asked, milliseconds. */
const SILENT_MS = 500;
const PINGS_UNTIL_GONE = 2;
/** Several checks of one process are often due at the same time: one ping is enough for them. */
const JUST_NOW_MS = 50;

/**
 * A connection that always reconnects, and detects a server that does not respond before the socket does: a
 * frozen server keeps its connections open.
 */
export class Connection {
  readonly nc: NatsConnection;
  readonly #logger: Logger | undefined;
  readonly #onState = new Set<(state: BusState) => void>();
  readonly #onRefusedPublish = new Set<(subject: string) => void>();
  #state: BusState = 'connected';
  #lost = 0;
  #serverId: string | null;
  /** `performance.now()` of the last response to a ping, and how long that took. */
  #respondedAt = Number.NEGATIVE_INFINITY;
  #rttMs = 0;

  private constructor(nc: NatsConnection, logger: Logger | undefined) {
    this.nc = nc;
    this.#logger = logger;
    this.#serverId = nc.info?.server_id ?? null;
    void this.#follow();
    void this.#watch();
  }

  /** Tries until the server is there. Throws only when the server refuses the user. */
  static async open(settings: ConnectionSettings): Promise<Connection> {
    for (let attempt = 0; ; attempt++) {
      try {
        const nc = await connect({
          servers: settings.servers.split(','),
          ...(settings.user !== undefined && { user: settings.user }),
          ...(settings.password !== undefined && { pass: settings.password }),
          name: settings.name,
          inboxPrefix: settings.inboxPrefix,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RECONNECT_MS,
          // A frozen server accepts connections but never sends its greeting.
          timeout: 2000,
          pingInterval: 5000,
          maxPingOut: 2,
          ignoreAuthErrorAbort: true,
          noAsyncTraces: true,
        });
        if ((await probeHeaderText(nc, `${settings.inboxPrefix}.headers.${randomUUID()}`)) === false)
          settings.logger?.log('bus.headers_by_client');
        return new Connection(nc, settings.logger);
      } catch (error) {
        if (error instanceof AuthorizationError) throw error;
        if (attempt % 20 === 0) settings.logger?.log('bus.connect_failed', { error });
        await sleep(RECONNECT_MS);
      }
    }
  }

  state(): BusState {
    return this.#state;
  }

  /** Calls the handler on each change of state until the returned function is called. */
  onState(handler: (state: BusState) => void): () => void {
    this.#onState.add(handler);
    return () => this.#onState.delete(handler);
  }

  /** Calls the handler with the subject of each message that the server refused to publish. */
  onRefusedPublish(handler: (subject: string) => void): void {
    this.#onRefusedPublish.add(handler);
  }

  /** The number of connections that broke since the start. */
  lost(): number {
    return this.#lost;
  }

  serverId(): string | null {
    return this.#serverId;
  }

  /**
   * Throws UNAVAILABLE unless connected: the client must not buffer messages, since a disconnect empties its
   * buffer.
   */
  assertConnected(): void {
    if (this.#state !== 'connected') throw unavailable('The bus is away');
  }

  /** The promise's outcome, or UNAVAILABLE as soon as the connection breaks. */
  async whileConnected<T>(work: Promise<T>): Promise<T> {
    let off: (() => void) | undefined;
    const broken = new Promise<never>((_, reject) => {
      off = this.onState((state) => {
        if (state !== 'connected') reject(unavailable('The connection to the bus broke'));
      });
    });
    try {
      return await Promise.race([work, broken]);
    } finally {
      off?.();
    }
  }

  /** Round trip of this or of the last moment, in milliseconds, for checks. Throws UNAVAILABLE after a second. */
  async recentRtt(): Promise<number> {
    this.assertConnected();
    return performance.now() - this.#respondedAt < JUST_NOW_MS ? this.#rttMs : this.rtt();
  }

  /**
   * Round trip to the server in milliseconds; afterwards the server has processed everything that was sent before. Throws
   * UNAVAILABLE after a second.
   */
  async rtt(): Promise<number> {
    this.assertConnected();
    if (!(await this.#ping())) throw unavailable('The bus does not respond');
    return this.#rttMs;
  }

  /**
   * Drops the connection and resolves once there is a new one. Throws UNAVAILABLE after five seconds without
   * one.
   */
  async reconnect(): Promise<void> {
    const end = AbortSignal.timeout(RECONNECT_TIMEOUT_MS);
    const connected = new Promise<void>((resolve, reject) => {
      const off = this.onState((state) => {
        if (state === 'disconnected') return;
        off();
        if (state === 'connected') resolve();
        else reject(unavailable('The bus was closed'));
      });
      end.addEventListener('abort', () => {
        off();
        reject(unavailable('The bus is away'));
      });
    });
    if (!this.nc.isClosed()) await this.nc.reconnect();
    await connected;
  }

  async close(): Promise<void> {
    this.#change('closed');
    await this.nc.close();
  }

  async #follow(): Promise<void> {
    for await (const status of this.nc.status()) this.#note(status);
  }

  #note(status: Status): void {
    switch (status.type) {
      case 'disconnect':
      case 'staleConnection':
      case 'forceReconnect':
        this.#change('disconnected');
        break;
      case 'reconnect':
        this.#serverId = this.nc.info?.server_id ?? null;
        this.#change('connected');
        break;
      case 'close':
        this.#change('closed');
        break;
      case 'error':
        this.#recordError(status.error);
        break;
    }
  }

  #recordError(error: Error): void {
    this.#logger?.log('bus.operation_refused', { error });
    if (error instanceof PermissionViolationError && error.operation === 'publish') {
      for (const handler of this.#onRefusedPublish) handler(error.subject);
    }
  }

  #change(state: BusState): void {
    if (state === this.#state || this.#state === 'closed') return;
    if (state === 'disconnected') this.#lost++;
    this.#state = state;
    this.#logger?.log(
      state === 'connected' ? 'bus.connected' : state === 'closed' ? 'bus.closed' : 'bus.disconnected',
    );
    for (const handler of this.#onState) handler(state);
  }

  async #ping(): Promise<boolean> {
    const start = performance.now();
    const responds = await ping(this.nc);
    if (!responds) return false;
    this.#respondedAt = performance.now();
    this.#rttMs = this.#respondedAt - start;
    return true;
  }

  /** Asks only when nobody else did: health checks ping every second. */
  async #watch(): Promise<void> {
    let missed = 0;
    const silentMs = (): number => performance.now() - this.#respondedAt;
    while (this.#state !== 'closed') {
      const left = SILENT_MS - silentMs();
      await sleep(left > 0 ? left : SILENT_MS, undefined, { ref: false });
      if (this.#state !== 'connected') continue;
      if (silentMs() < SILENT_MS) {
        missed = 0;
        continue;
      }
      missed = (await this.#ping()) ? 0 : missed + 1;
      if (missed < PINGS_UNTIL_GONE || this.#state !== 'connected') continue;
      missed = 0;
      this.#change('disconnected');
      await this.nc.reconnect().catch(() => undefined);
    }
  }
}
