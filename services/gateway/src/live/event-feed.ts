import { Bus } from '@gridworks/bus';
import { AppError, getSystemHealth, newId, type Principal } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import { TOO_MANY_OPEN_REQUESTS, TOO_MANY_STREAMS } from '../problems/gateway.errors.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { EventStream, renderEvent } from './event-stream.ts';
import { findExpired } from './find-expired.ts';
import { HealthSampler } from './health-sampler.ts';
import { HEALTH_SAMPLED, RESYNC, WATCHED_EVENTS } from './watched-events.ts';

interface EventFeedConfig {
  readonly GATEWAY_STREAM_HEARTBEAT_MS: number;
}

/** The session that a stream belongs to. */
interface Watcher {
  readonly id: string;
  /** Lower-case hex SHA-256 of the session's token. */
  readonly digest: string;
  readonly principal: Principal | null;
}

const MOST_STREAMS = 100;
const MAX_BUFFERED_BYTES = 256 << 10;
/** Streams of one session at most. All tabs of a browser share one. */
const MOST_OF_SESSION = 8;

/**
 * Streams the system's events to admins. Events are not stored: a client that connects later has missed them
 * and fetches the lists. Each stream begins with `resync`, and gets another `resync` after the bus was away.
 * `Last-Event-ID` has no effect.
 */
@Injectable()
export class EventFeed implements OnModuleInit {
  /** Each open stream with its session. */
  readonly #streams = new Map<EventStream, Watcher>();
  #check: NodeJS.Timeout | undefined;
  readonly #health: HealthSampler;
  #closed = false;

  constructor(
    readonly bus: Bus,
    readonly credentials: CredentialInvalidator,
    @Inject(CONFIG) readonly config: EventFeedConfig,
  ) {
    this.#health = new HealthSampler({
      read: (principal) => bus.request(getSystemHealth, {}, { principal }),
      watcher: () => [...this.#streams.values()].find(({ principal }) => principal)?.principal ?? null,
      onChange: (health) => this.#publish(newId('event'), HEALTH_SAMPLED, health),
    });
  }

  onModuleInit(): void {
    for (const { contract, name } of WATCHED_EVENTS)
      this.bus.listen(contract, async (event) => this.#publish(event.id, name, event.payload));
    let wasAway = false;
    this.bus.onState((state) => {
      if (state === 'connected' && wasAway) this.#publish(newId('event'), RESYNC, {});
      wasAway = state !== 'connected';
    });
    this.#health.start();
    this.credentials.onEnded((id) => {
      for (const [stream, watcher] of this.#streams) if (watcher.id === id) stream.end();
    });
    this.#checkLater();
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Turns the request into a stream. Throws `GATEWAY.TOO_MANY_STREAMS`. */
  open(request: PublicRequest, reply: PublicReply): void {
    if (this.#closed || this.#streams.size >= MOST_STREAMS)
      throw new AppError(TOO_MANY_STREAMS, { retryAfterMs: 5000 });
    const caller = request.call?.caller;
    const id = caller?.principal.id ?? '';
    if ([...this.#streams.values()].filter((watcher) => watcher.id === id).length >= MOST_OF_SESSION)
      throw new AppError(TOO_MANY_OPEN_REQUESTS, {
        detail: `At most ${MOST_OF_SESSION} event streams of one session may be open at once.`,
        retryAfterMs: 5000,
      });
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...headersOf(reply),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') {
      raw.end();
      return;
    }
    const stream = new EventStream(raw, {
      heartbeatMs: this.config.GATEWAY_STREAM_HEARTBEAT_MS,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
    });
    this.#streams.set(stream, { id, digest: caller?.digest ?? '', principal: caller?.principal ?? null });
    stream.send(renderEvent(newId('event'), RESYNC, '{}'));
    raw.once('close', () => {
      stream.closed();
      this.#streams.delete(stream);
    });
  }

  /** Ends all streams and takes no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#check);
    this.#health.stop();
    for (const stream of this.#streams.keys()) stream.end();
  }

  /** Starts each round after the end of the one before, however long that takes. */
  #checkLater(): void {
    this.#check = setTimeout(async () => {
      const digests = [...this.#streams.values()].map(({ digest }) => digest);
      const expired = await findExpired(this.bus, digests);
      for (const [stream, { digest }] of this.#streams) if (expired.has(digest)) stream.end();
      if (!this.#closed) this.#checkLater();
    }, this.config.GATEWAY_STREAM_HEARTBEAT_MS).unref();
  }

  #publish(id: string, type: string, payload: unknown): void {
    if (this.#streams.size === 0) return;
    const text = renderEvent(id, type, JSON.stringify(payload));
    for (const stream of this.#streams.keys()) stream.send(text);
  }
}

function headersOf(reply: PublicReply): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value : String(value);
  return headers;
}
