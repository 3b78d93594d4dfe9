import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { isStorableText, NOT_STORABLE } from '../values/text.ts';
import { metricSchema } from './metrics.ts';

/** The maximum number of events of a call. */
export const MAX_USAGE_EVENTS = 1000;

export const USAGE_EVENTS_REJECTED = defineError({
  code: 'BILLING.USAGE_EVENTS_REJECTED',
  kind: 'invalid_input',
  title: 'No event of the call can be stored',
});

/** Why an event is not stored. A call with other events stores those. */
export const USAGE_EVENT_REFUSALS = {
  'BILLING.USAGE_EVENT_INVALID': 'The event is no CloudEvent 1.0 with the data of a usage event',
  'BILLING.METRIC_NOT_REPORTABLE': "The metric is none that partners' systems report",
  'BILLING.USAGE_EVENT_TOO_OLD': 'The time of the event is before the usage that is kept and charged',
  'BILLING.USAGE_EVENT_IN_FUTURE': 'The time of the event is more than five minutes ahead',
  'BILLING.CORRECTED_EVENT_NOT_FOUND': 'No event of this source has the id that is corrected',
  'BILLING.CORRECTION_TOO_LARGE': 'The correction takes back more than is left of the event',
} as const;
export type UsageEventRefusal = keyof typeof USAGE_EVENT_REFUSALS;

const text = (max: number) => z.string().min(1).max(max).refine(isStorableText, NOT_STORABLE);
const id = text(200);
const attributes = {
  specversion: z.literal('1.0'),
  /** Unique within its source: an event with the same `source` and `id` is counted once. */
  id: id.meta({ examples: ['delivery-7a31'] }),
  /** The system that reports, a URI reference. */
  source: text(300).meta({ examples: ['/warehouse/berlin'] }),
  /** When the units were used; default: when the event arrives. */
  time: z.iso.datetime({ offset: true }).optional(),
  /** What the units were used for, such as a customer of the partner; kept, and not charged by. */
  subject: text(200).optional(),
  datacontenttype: z
    .string()
    .regex(/^application\/([a-z.+-]+\+)?json\b/i, 'expected JSON')
    .optional(),
};
const MOST = 1_000_000_000;

/**
 * A CloudEvent (1.0, structured mode) of a partner's own system. Attributes that are not listed are ignored. `usage.reported` adds units;
 * `usage.corrected` takes units of an earlier event back, in the month of that event.
 */
export const usageEventSchema = z.discriminatedUnion('type', [
  z.object({
    ...{ ...attributes, type: z.literal('usage.reported') },
    data: z.object({ metric: metricSchema, quantity: z.number().int().min(1).max(MOST) }),
  }),
  z.object({
    ...{ ...attributes, type: z.literal('usage.corrected') },
    data: z.object({
      /** The `id` of the event that is corrected, which has the same source. */
      corrects: id,
      quantity: z.number().int().min(-MOST).max(-1),
    }),
  }),
]);
export type UsageEvent = z.output<typeof usageEventSchema>;

const EXAMPLE = {
  ...{ specversion: '1.0', id: 'delivery-7a31', source: '/warehouse/berlin', type: 'usage.reported' },
  data: { metric: 'reported_units', quantity: 3 },
};

/** Any object: each event is checked on its own, so that one that is wrong does not refuse the others. */
const givenEvent = z.record(z.string(), z.unknown()).meta({
  description:
    'A CloudEvent 1.0 in structured mode: `specversion` "1.0", `id`, `source`, `type` and `data`, and `time`, `subject` and `datacontenttype` where known. ' +
    'Type `usage.reported` has the data `{ "metric", "quantity" }`; `usage.corrected` has `{ "corrects": id of an earlier event of the source, "quantity": below 0 }`.',
  examples: [EXAMPLE],
});
givenEvent.register(NAMED_SCHEMAS, { id: 'UsageEvent' });

const result = z.object({
  /** The place of the event in the call, from 0. */
  index: z.number().int(),
  /** Null where the event has none. */
  id: z.string().nullable(),
  /** `duplicate`: an event with this source and id was stored before; this one changed nothing. */
  status: z.enum(['accepted', 'duplicate', 'rejected']),
  /** Of a rejected event: a stable code. */
  code: z.enum(Object.keys(USAGE_EVENT_REFUSALS) as [UsageEventRefusal, ...UsageEventRefusal[]]).nullable(),
  detail: z.string().nullable(),
});
result.register(NAMED_SCHEMAS, { id: 'UsageEventResult' });

export const recordUsageEvents = defineRequest({
  subject: 'rpc.billing.usage-event.record',
  summary: "Report usage from the partner's own systems, as one CloudEvent or a batch of up to 1,000",
  http: {
    ...{ method: 'POST', path: '/v1/usage-events', status: 202, cloudEvents: 'events' },
    ...{ bodyLimitBytes: 768 << 10, memberLimit: 20 * MAX_USAGE_EVENTS, deadlineMs: 10_000 },
  },
  permission: 'usage-events:write',
  // The handler leaves no entry for a call without a correction.
  audit: { action: 'usage_event.corrected', object: 'credential' },
  input: z.strictObject({
    events: z
      .array(givenEvent)
      .min(1)
      .max(MAX_USAGE_EVENTS)
      .meta({ examples: [[EXAMPLE]] }),
  }),
  output: z.object({
    object: z.literal('usage_event_receipt'),
    /** Events that are stored now. The response is sent after the commit. */
    accepted: z.number().int(),
    duplicates: z.number().int(),
    rejected: z.number().int(),
    /** One for each event, in the order of the call. */
    results: z.array(result),
  }),
  errors: [USAGE_EVENTS_REJECTED],
  repeatable: true,
});
