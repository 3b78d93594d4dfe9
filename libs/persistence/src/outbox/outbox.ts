import { AppError, type EventContract, INTERNAL, newId } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { EntityManager } from 'typeorm';

/** An event as it stands in the outbox and on the wire: CloudEvents 1.0, JSON, structured. */
export interface StoredEvent {
  readonly id: string;
  readonly subject: string;
  /** The CloudEvent as JSON, sent byte by byte as it is stored. */
  readonly json: string;
}

/**
 * Makes the event. `source` is `/<service>/<instance>`. Throws `PLATFORM.INTERNAL` when the payload does not fit the
 * contract: that is our own mistake.
 */
export function storedEvent(
  contract: EventContract,
  payload: unknown,
  options: { source: string; partnerId?: string | undefined },
): StoredEvent {
  const parsed = contract.payload.safeParse(payload);
  if (!parsed.success)
    throw new AppError(INTERNAL, {
      detail: `The payload does not fit ${contract.subject}.`,
      cause: parsed.error,
    });
  const id = newId('event');
  const event = {
    specversion: '1.0',
    id,
    source: options.source,
    type: contract.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    // Left out of the JSON while undefined.
    partnerid: options.partnerId,
    traceparent: currentContext()?.traceparent,
    data: parsed.data,
  };
  return { id, subject: contract.subject, json: JSON.stringify(event) };
}

/** Writes events, in their order, within the transaction of the change that they tell of. */
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
