import {
  BUCKETS,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  EVENTS,
  INSTANCE_VERBS,
  REQUESTS,
  SERVICES,
  type ServiceName,
} from '@gridworks/contracts';

/** What one service's NATS user may do. An allow-list: what is not named here is refused. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The subject prefix of the replies to a service. Nobody else may subscribe to it. */
export const inboxPrefix = (service: ServiceName): string => `_INBOX_${service}`;

/** `billing_record-usage` -> `billing`. */
export const serviceOfConsumer = (consumer: string): ServiceName =>
  consumer.slice(0, consumer.indexOf('_')) as ServiceName;

/** Services that look at all others: they hear every pulse and may ask any instance to do something. */
const OVERSEERS: readonly ServiceName[] = ['monitor', 'healer'];

const api = (verb: string, ...rest: string[]): string => ['$JS.API', verb, ...rest].join('.');

function requestSubjects(service: ServiceName): string[] {
  const asked = REQUESTS.filter((request) => request.callers.includes(service)).map(({ subject }) => subject);
  const confirmed = EVENTS.filter((event) => event.owner === service)
    .flatMap((event) => event.consumers)
    .map((consumer) => `rpc.${serviceOfConsumer(consumer)}.inbox.confirm`);
  const controlled = OVERSEERS.includes(service)
    ? SERVICES.flatMap((other) => INSTANCE_VERBS.map((verb) => `rpc.${other}.instance.${verb}.*`))
    : [];
  return [...asked, ...confirmed, ...controlled];
}

/**
 * Where replies go: the inboxes of those who may ask. `allow_responses` would be narrower, but makes the server
 * remember every message with a reply subject, events too: consuming fell from 107,000 to 2,500 a second
 * (nats-server 2.9.10). The last word of an inbox subject cannot be guessed, so an answer cannot be forged.
 */
function replySubjects(service: ServiceName): string[] {
  const askers = [
    ...REQUESTS.filter((request) => request.owner === service).flatMap(({ callers }) => callers),
    ...EVENTS.filter((event) => event.consumers.some((name) => serviceOfConsumer(name) === service)).map(
      ({ owner }) => owner,
    ),
    ...OVERSEERS,
  ];
  return askers.map((asker) => `${inboxPrefix(asker)}.>`);
}

function streamSubjects(): string[] {
  return [EVENT_STREAM.name, DEAD_LETTER_STREAM.name].flatMap((stream) => [
    api('STREAM.INFO', stream),
    // Creating answers an error when the stream exists in another shape; updating, purging and deleting stay refused.
    api('STREAM.CREATE', stream),
  ]);
}

function consumerSubjects(service: ServiceName): string[] {
  const stream = EVENT_STREAM.name;
  const own = EVENTS.flatMap((event) =>
    event.consumers
      .filter((consumer) => serviceOfConsumer(consumer) === service)
      .flatMap((consumer) => [
        api('CONSUMER.CREATE', stream, consumer, event.subject),
        api('CONSUMER.INFO', stream, consumer),
        api('CONSUMER.MSG.NEXT', stream, consumer),
        `$JS.ACK.${stream}.${consumer}.>`,
        `dead.${event.subject}`,
      ]),
  );
  return service === 'monitor' ? [...own, api('CONSUMER.INFO', stream, '*')] : own;
}

function bucketSubjects(service: ServiceName): string[] {
  const buckets: [string, { owner: ServiceName; readers?: readonly ServiceName[] }][] =
    Object.entries(BUCKETS);
  return buckets
    .filter(([, { owner, readers = [] }]) => owner === service || readers.includes(service))
    .flatMap(([name, { owner }]) => {
      const stream = `KV_${name}`;
      return [
        api('STREAM.INFO', stream),
        api('STREAM.CREATE', stream),
        api('STREAM.MSG.GET', stream),
        // Keys and watches are read by short-lived consumers with names of their own.
        api('CONSUMER.CREATE', stream, '*', `$KV.${name}.>`),
        api('CONSUMER.INFO', stream, '*'),
        api('CONSUMER.DELETE', stream, '*'),
        `$JS.FC.${stream}.>`,
        ...(owner === service ? [`$KV.${name}.>`] : []),
      ];
    });
}

/**
 * The allow-list of a service, made from the contracts: the requests it may ask, its own events, its own
 * consumers, its own buckets, its own pulse; to be asked its own requests, to hear what it listens to.
 */
export function natsPermissions(service: ServiceName): NatsPermissions {
  const publish = [
    ...requestSubjects(service),
    ...replySubjects(service),
    ...EVENTS.filter((event) => event.owner === service).map(({ subject }) => subject),
    `pulse.${service}.*`,
    ...streamSubjects(),
    ...consumerSubjects(service),
    ...bucketSubjects(service),
  ];
  const subscribe = [
    `${inboxPrefix(service)}.>`,
    ...REQUESTS.filter((request) => request.owner === service).map(({ subject }) => subject),
    `rpc.${service}.inbox.confirm`,
    ...INSTANCE_VERBS.map((verb) => `rpc.${service}.instance.${verb}.*`),
    ...EVENTS.filter((event) => event.listeners.includes(service)).map(({ subject }) => subject),
    ...(OVERSEERS.includes(service) ? ['pulse.*.*'] : []),
  ];
  return {
    publish: [...new Set(publish)].sort(),
    subscribe: [...new Set(subscribe)].sort(),
  };
}
