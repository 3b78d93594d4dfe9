import type { ServiceName } from '@gridworks/contracts';
import { counter, type Logger } from '@gridworks/observability';
import { inboxPrefix } from '../permissions/nats-permissions.ts';

/**
 * Why a message was dropped. `foreign-reply`: its reply subject is not an inbox of a service that may send
 * the message. `stream-delivery`: a stream delivered it. `foreign-source`: it names another service than the
 * owner of its subject.
 */
export type DropReason = 'foreign-reply' | 'stream-delivery' | 'foreign-source';

const LOG_EVERY_MS = 1000;

const dropped = counter(
  'bus_messages_dropped_total',
  'Messages dropped because their sender has no permission to send them',
  ['reason'],
);

/**
 * Counts dropped messages, and logs at most one per second for each subject and reason, so that a flood of
 * messages does not flood the log.
 */
export class DroppedMessages {
  readonly #logger: Logger | undefined;
  readonly #notLogged = new Map<string, { since: number; count: number }>();

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /** @param subject the subject of the contract, so that there are only as many metric series as contracts */
  drop(subject: string, reason: DropReason, reply?: string): void {
    dropped.labels(reason).inc();
    const key = `${reason} ${subject}`;
    const now = performance.now();
    const last = this.#notLogged.get(key);
    if (last && now - last.since < LOG_EVERY_MS) {
      last.count++;
      return;
    }
    this.#notLogged.set(key, { since: now, count: 0 });
    this.#logger?.log('bus.message_dropped', { reason, subject, reply, not_logged: last?.count ?? 0 });
  }
}

/**
 * Returns a predicate: whether a reply subject is an inbox of one of these services. A message that a stream
 * delivers has no reply subject, or `$JS.ACK.…`.
 */
export function inboxOf(services: readonly ServiceName[]): (reply: string) => boolean {
  const prefixes = services.map((service) => `${inboxPrefix(service)}.`);
  return (reply) => {
    for (const prefix of prefixes) if (reply.startsWith(prefix)) return true;
    return false;
  };
}
