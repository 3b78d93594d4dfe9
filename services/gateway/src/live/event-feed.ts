import { Bus } from '@gridworks/bus';
import {
  AppError,
  getSystemHealth,
  mayDo,
  newId,
  type Principal,
  UNAUTHENTICATED,
} from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CredentialInvalidator } from '../credentials/credential-invalidator.ts';
import { TOO_MANY_STREAMS } from '../problems/gateway.errors.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { EventStream, renderEvent } from './event-stream.ts';
import { findEnded } from './find-ended.ts';
import { HealthSampler } from './health-sampler.ts';
import { OpenStreams } from './open-streams.ts';
import { HEALTH_PERMISSION, HEALTH_SAMPLED, isFor, RESYNC, WATCHED_EVENTS } from './watched-events.ts';

interface EventFeedConfig {
  readonly GATEWAY_STREAM_HEARTBEAT_MS: number;
}

const MAX_BUFFERED_BYTES = 256 << 10;
const seesHealth = (principal: Principal): boolean => mayDo(HEALTH_PERMISSION, principal);

/**
 * Streams the system's events to admins, and to people of partners what is of their partner. Events are not stored: a client
 * that connects later has missed them and fetches the lists. Each stream begins with `resync`, and gets another `resync` after
 * the bus was away. `Last-Event-ID` has no effect.
 */
@Injectable()
export class EventFeed implements OnModuleInit {
  readonly #streams = new OpenStreams();
  #timer: NodeJS.Timeout | undefined;
  readonly #health: HealthSampler;
  #closed = false;

  constructor(
    readonly bus: Bus,
    readonly credentials: CredentialInvalidator,
    @Inject(CONFIG) readonly config: EventFeedConfig,
  ) {
    this.#health = new HealthSampler({
      read: (principal) => bus.request(getSystemHealth, {}, { principal }),
      watcher: () => this.#streams.watchers.find(({ principal }) => seesHealth(principal))?.principal ?? null,
      onChange: (health) => this.#publish(newId('event'), HEALTH_SAMPLED, health, seesHealth),
    });
  }

  onModuleInit(): void {
    for (const event of WATCHED_EVENTS)
      this.bus.listen(event.contract, async ({ id, payload }) =>
        this.#publish(id, event.name, payload, (principal) => isFor(event, payload, principal)),
      );
    let wasAway = false;
    this.bus.onState((state) => {
      if (state === 'connected' && wasAway) {
        // The end of a session may have been among the lost events.
        void this.#endOver();
        this.#publish(newId('event'), RESYNC, {}, () => true);
      }
      wasAway = state !== 'connected';
    });
    this.#health.start();
    this.credentials.onEnded((isEnded) => this.#streams.end(({ principal }) => isEnded(principal)));
    this.#checkLater();
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Turns the request into a stream. Throws `GATEWAY.TOO_MANY_STREAMS` and `GATEWAY.TOO_MANY_OPEN_REQUESTS` when there is no
   * room.
   */
  open(request: PublicRequest, reply: PublicReply): void {
    if (this.#closed) throw new AppError(TOO_MANY_STREAMS, { retryAfterMs: 5000 });
    const { caller, open } = request.call ?? {};
    if (!caller) throw new AppError(UNAUTHENTICATED);
    this.#streams.checkRoom(caller.principal);
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
    open?.endWork();
    const stream = new EventStream(raw, {
      heartbeatMs: this.config.GATEWAY_STREAM_HEARTBEAT_MS,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
    });
    this.#streams.add(stream, { digest: caller.digest, principal: caller.principal });
    stream.send(renderEvent(newId('event'), RESYNC, '{}'));
    raw.once('close', () => {
      stream.closed();
      this.#streams.remove(stream);
    });
  }

  /** Ends all streams and takes no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#health.stop();
    this.#streams.end(() => true);
  }

  /** Starts each round after the end of the one before, however long that takes. */
  #checkLater(): void {
    this.#timer = setTimeout(async () => {
      await this.#endOver();
      if (!this.#closed) this.#checkLater();
    }, this.config.GATEWAY_STREAM_HEARTBEAT_MS).unref();
  }

  /** Ends the streams of sessions that are over, as auth says now. */
  async #endOver(): Promise<void> {
    const ended = await findEnded(this.bus, this.#streams.watchers);
    this.#streams.end(({ digest }) => ended.has(digest));
  }

  #publish(id: string, type: string, payload: unknown, fits: (principal: Principal) => boolean): void {
    if (this.#streams.size === 0) return;
    this.#streams.send(renderEvent(id, type, JSON.stringify(payload)), fits);
  }
}

function headersOf(reply: PublicReply): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value : String(value);
  return headers;
}
