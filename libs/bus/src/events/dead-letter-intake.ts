import type { Logger } from '@gridworks/observability';
import { parseJson } from '../wire/safe-json.ts';
import { readHeader } from '../wire/wire-headers.ts';
import type { Delivery } from './pull-consumer.ts';

/** An event that a consumer gave up, as the stream `DEAD` holds it. */
export interface DeadLetterCopy {
  readonly consumer: string;
  /** The subject of the event, without `dead.`. */
  readonly subject: string;
  /** The id of the CloudEvent; of the message, when the body is none. */
  readonly eventId: string;
  readonly partnerId: string | null;
  /** Redacted by the service that gave the event up. */
  readonly reason: string;
  readonly deliveries: number;
  readonly firstFailedAt: Date;
  readonly givenUpAt: Date;
  /** The body as it was published. Not redacted. */
  readonly body: Uint8Array;
}

/** Keeps a dead letter for good, or throws. May be called twice for the same copy. */
export type KeepDeadLetter = (letter: DeadLetterCopy) => Promise<void>;

const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
const CONSUMER = /^[a-z]+_[a-z0-9]+(-[a-z0-9]+)*$/;

/** Takes dead letters out of their stream. A letter is delivered again until it is kept: none is given up. */
export class DeadLetterIntake {
  readonly #keep: KeepDeadLetter;
  readonly #logger: Logger | undefined;

  constructor(keep: KeepDeadLetter, logger: Logger | undefined) {
    this.#keep = keep;
    this.#logger = logger;
  }

  /** Never throws. */
  async settle(delivery: Delivery): Promise<void> {
    const letter = readLetter(delivery);
    if (letter === null) {
      // It names no consumer, so nobody could replay it. The stream keeps it for 30 days.
      this.#logger?.log('dead_letter.unreadable', { subject: delivery.subject, sequence: delivery.sequence });
      return delivery.giveUp();
    }
    try {
      await this.#keep(letter);
      delivery.done();
    } catch (error) {
      this.#logger?.log('dead_letter.keep_failed', {
        error,
        consumer: letter.consumer,
        event_id: letter.eventId,
      });
      delivery.again(Math.min(RETRY_MS * 2 ** Math.min(delivery.deliveries - 1, 10), MAX_RETRY_MS));
    }
  }
}

function readLetter({ body, message, sequence, storedAt, subject }: Delivery): DeadLetterCopy | null {
  const consumer = readHeader(message, 'Dead-Consumer') ?? '';
  if (!CONSUMER.test(consumer)) return null;
  const givenUpAt = new Date(storedAt);
  const first = new Date(readHeader(message, 'Dead-First-Failed-At') ?? Number.NaN);
  const { id, partnerid } = readEvent(body);
  const messageId = readHeader(message, 'Nats-Msg-Id')?.replace(`${consumer}:`, '') ?? String(sequence);
  return {
    consumer,
    subject: subject.replace(/^dead\./, ''),
    eventId: (typeof id === 'string' && id !== '' ? id : messageId).slice(0, 200),
    partnerId: typeof partnerid === 'string' ? partnerid.slice(0, 100) : null,
    reason: readHeader(message, 'Dead-Reason') ?? '',
    deliveries: Math.max(1, Math.floor(Number(readHeader(message, 'Dead-Deliveries'))) || 1),
    // A clock that is ahead must not make the first failure later than the last.
    firstFailedAt: first < givenUpAt ? first : givenUpAt,
    givenUpAt,
    body,
  };
}

function readEvent(body: Uint8Array): { readonly id?: unknown; readonly partnerid?: unknown } {
  try {
    const event = parseJson(body);
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return {};
  }
}
