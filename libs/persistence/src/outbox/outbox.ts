import { AppError, type EventContract, INTERNAL, newId } from '@gridworks/contracts';
import { currentContext } from '@gridworks/observability';
import type { EntityManager } from 'typeorm';

/** An event as it stands in the outbox and on the wire: CloudEvents 1.0, JSON, structured. */
export interface StoredEvent {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/<service>` */
  readonly source: string;
  /** The subject, for instance `event.support.ticket.opened`. */
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly partnerid?: string;
  readonly traceparent?: string;
  readonly data: unknown;
}

/** Makes the event. Throws `PLATFORM.INTERNAL` when the payload does not fit the contract: that is our own mistake. */
export function storedEvent(
  contract: EventContract,
  payload: unknown,
  options: { partnerId?: string } = {},
): StoredEvent {
  const parsed = contract.payload.safeParse(payload);
  if (!parsed.success)
    throw new AppError(INTERNAL, {
      detail: `The payload does not fit ${contract.subject}.`,
      cause: parsed.error,
    });
  const traceparent = currentContext()?.traceparent;
  return {
    specversion: '1.0',
    id: newId('event'),
    source: `/${contract.owner}`,
    type: contract.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(options.partnerId === undefined ? {} : { partnerid: options.partnerId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: parsed.data,
  };
}

/** Writes events within the transaction of the change that they tell of, in one statement. */
export async function insertEvents(manager: EntityManager, events: readonly StoredEvent[]): Promise<void> {
  await manager.query(
    `insert into outbox (id, subject, event)
     select e->>'id', e->>'type', e from jsonb_array_elements($1::jsonb) with ordinality as t (e, n) order by n`,
    [JSON.stringify(events)],
  );
}
