import { Bus } from '@gridworks/bus';
import { AppError, type EventContract, incidentChanged, symptomObserved } from '@gridworks/contracts';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import { TOO_MANY_STREAMS } from '../problems/gateway.errors.ts';
import type { PublicReply, PublicRequest } from '../routing/public-call.ts';
import { EventStream, renderEvent } from './event-stream.ts';
import { findExpired } from './find-expired.ts';

interface EventFeedConfig {
  readonly GATEWAY_STREAM_HEARTBEAT_MS: number;
}

/** The session that a stream belongs to. */
interface Watcher {
  readonly id: string;
  /** Lower-case hex SHA-256 of its token. */
  readonly digest: string;
}

const mostStreams = 100;
const maxBufferedBytes = 256 << 10;

/**
 * What happens in the system, to admins that watch. In passing: who connects later has missed it, and asks for
 * the list of incidents; a `Last-Event-ID` changes nothing.
 */
@Injectable()
export class EventFeed implements OnModuleInit {
  /** With the session that watches. */
  readonly #streams = new Map<EventStream, Watcher>();
  #check: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly bus: Bus,
    readonly credentials: CredentialDesk,
    @Inject(CONFIG) readonly config: EventFeedConfig,
  ) {}

  onModuleInit(): void {
    for (const contract of [incidentChanged, symptomObserved] as EventContract[])
      this.bus.listen(contract, async (event) => this.#publish(event.id, event.type, event.payload));
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
    if (this.#closed || this.#streams.size >= mostStreams)
      throw new AppError(TOO_MANY_STREAMS, { retryAfterMs: 5000 });
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
      maxBufferedBytes,
    });
    const caller = request.call?.caller;
    this.#streams.set(stream, { id: caller?.principal.id ?? '', digest: caller?.digest ?? '' });
    raw.once('close', () => {
      stream.closed();
      this.#streams.delete(stream);
    });
  }

  /** Ends all streams and takes no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#check);
    for (const stream of this.#streams.keys()) stream.end();
  }

  /** One round after the other, however long it takes. */
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
