import { type CloudEvent, toCloudEvent } from '@gridworks/bus';
import { AppError, type EventContract, INTERNAL } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { EntityManager } from 'typeorm';

/** An event on its way into the outbox. */
export interface StoredEvent {
  readonly id: string;
  readonly subject: string;
  /** The CloudEvent as JSON, sent exactly as stored. */
  readonly json: string;
}

/** The maximum size of a message (NATS' `max_payload`, 1 MiB), less 16 KiB for its headers. */
const MAX_EVENT_BYTES = 1_048_576 - 16_384;

/**
 * Creates the event. `source` is `/<service>/<instance>`. Throws `PLATFORM.INTERNAL` when the payload does
 * not fit the contract, or is larger than the bus can carry: such an event could never leave the outbox. Both
 * are bugs of the service.
 */
export function storedEvent(
  contract: EventContract,
  payload: unknown,
  options: { source: string; partnerId?: string | undefined; id?: string | undefined },
): StoredEvent {
  let event: CloudEvent;
  try {
    const traceparent = currentContext()?.traceparent;
    event = toCloudEvent(contract, payload, { ...options, traceparent });
  } catch (cause) {
    throw new AppError(INTERNAL, { detail: `The payload does not fit ${contract.subject}.`, cause });
  }
  const json = JSON.stringify(event);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_EVENT_BYTES)
    throw new AppError(INTERNAL, {
      detail: `An event ${contract.subject} of ${bytes} bytes is too large for the bus, which carries ${MAX_EVENT_BYTES}.`,
    });
  return { id: event.id, subject: contract.subject, json };
}

/** Writes events, in their order, within the transaction of the change that they report. */
export async function insertEvents(manager: EntityManager, events: readonly StoredEvent[]): Promise<void> {
  await manager.query(
    `insert into outbox (id, subject, event)
     select id, subject, event
     from unnest($1::text[], $2::text[], $3::text[]::json[]) with ordinality as e (id, subject, event, n)
     order by n`,
    [
      events.map((event) => event.id),
      events.map((event) => event.subject),
      events.map((event) => event.json),
    ],
  );
}
