import { toCloudEvent } from '@gridworks/bus';
import { AppError, type EventContract, INTERNAL } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { EntityManager } from 'typeorm';

/** An event on its way into the outbox. */
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
  try {
    const traceparent = currentContext()?.traceparent;
    const event = toCloudEvent(contract, payload, { ...options, traceparent });
    return { id: event.id, subject: contract.subject, json: JSON.stringify(event) };
  } catch (cause) {
    throw new AppError(INTERNAL, { detail: `The payload does not fit ${contract.subject}.`, cause });
  }
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
