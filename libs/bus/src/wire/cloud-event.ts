import { type EventContract, newId, type PayloadOf } from '@gridworks/contracts';
import type { z } from 'zod';
import { parseJson } from './safe-json.ts';

/** CloudEvents 1.0, structured JSON: the body of every event on the bus. */
export interface CloudEvent<P = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  /** `/<service>/<instance>` */
  readonly source: string;
  /** The contract's subject. */
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly partnerid?: string;
  readonly traceparent?: string;
  readonly data: P;
}

/** An event as its consumer gets it. */
export interface BusEvent<P = unknown> {
  readonly id: string;
  readonly subject: string;
  readonly type: string;
  readonly source: string;
  /** RFC 3339: when it happened, not when it was delivered. */
  readonly time: string;
  readonly partnerId: string | null;
  readonly payload: P;
  readonly traceparent?: string;
  /**
   * 1 for the first delivery; counts every delivery, also those that ended with a crash. 0 for a listener.
   */
  readonly deliveries: number;
}

export interface CloudEventOptions {
  readonly source: string;
  readonly id?: string | undefined;
  readonly time?: string | undefined;
  readonly partnerId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/**
 * Builds the event and validates its payload. Throws a ZodError when the payload does not fit the contract.
 */
export function toCloudEvent<C extends EventContract>(
  contract: C,
  payload: z.input<C['payload']>,
  options: CloudEventOptions,
): CloudEvent<PayloadOf<C>> {
  return {
    specversion: '1.0',
    id: options.id ?? newId('event'),
    source: options.source,
    type: contract.subject,
    time: options.time ?? new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(options.partnerId !== undefined && { partnerid: options.partnerId }),
    ...(options.traceparent !== undefined && { traceparent: options.traceparent }),
    data: contract.payload.parse(payload) as PayloadOf<C>,
  };
}

/** The event claims another service than the one that may publish on its subject. */
export class ForeignSourceError extends Error {
  override readonly name = 'ForeignSourceError';
}

/**
 * The subject names the owner of an event, and the allow-lists enforce that. The event's own claims must
 * agree: `source` (`/<service>/<instance>`), and `service` in the data where there is one.
 */
function assertOwn(contract: EventContract, source: unknown, data: unknown): void {
  const claimed = [
    typeof source === 'string' ? source.split('/')[1] : undefined,
    (data as { service?: unknown } | null | undefined)?.service,
  ];
  const foreign = claimed.find((service) => service !== undefined && service !== contract.owner);
  if (foreign !== undefined)
    throw new ForeignSourceError(
      `it claims to be from ${String(foreign).slice(0, 60)}, not from ${contract.owner}`,
    );
}

/**
 * Reads the event in a message's body. Throws an Error with the reason when the body is no event of this
 * contract, a ForeignSourceError when it claims another service than its subject.
 */
export function readCloudEvent<C extends EventContract>(
  contract: C,
  subject: string,
  body: Uint8Array,
  deliveries: number,
): BusEvent<PayloadOf<C>> {
  const event = parseJson(body) as Partial<CloudEvent> | null;
  if (typeof event !== 'object' || event === null) throw new Error('not an object');
  const { id, source, type, time, partnerid, traceparent } = event;
  if (event.specversion !== '1.0' || typeof id !== 'string' || id === '')
    throw new Error('not a CloudEvent 1.0');
  if (type !== contract.subject) throw new Error(`of type ${String(type)}, expected ${contract.subject}`);
  assertOwn(contract, source, event.data);
  const payload = contract.payload.safeParse(event.data);
  if (!payload.success)
    throw new Error(`payload: ${payload.error.issues.slice(0, 5).map(describe).join('; ')}`);
  return {
    id,
    subject,
    type,
    source: typeof source === 'string' ? source : '',
    time: typeof time === 'string' ? time : '',
    partnerId: typeof partnerid === 'string' ? partnerid : null,
    payload: payload.data as PayloadOf<C>,
    ...(typeof traceparent === 'string' && { traceparent }),
    deliveries,
  };
}

const describe = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')} ${issue.message}`.trim();
