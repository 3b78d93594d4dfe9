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
import { PROVISIONER, provisionPlan } from './provision-plan.ts';

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

/** JetStream's own API, of the account that holds the streams. */
export const JETSTREAM_API = '$JS.API';
/**
 * Where the services find what they may use of it. Not under its own name: on every server with JetStream the name
 * exists in every account, to say that this one has none.
 */
export const STORE_API = '$STORE.API';

const api = (verb: string, ...rest: string[]): string => [STORE_API, verb, ...rest].join('.');
const jetStreamApi = (verb: string, ...rest: string[]): string => [JETSTREAM_API, verb, ...rest].join('.');

function requestSubjects(service: ServiceName): string[] {
  const requested = REQUESTS.filter((request) => request.callers.includes(service)).map(
    ({ subject }) => subject,
  );
  const confirmed = EVENTS.filter((event) => event.owner === service)
    .flatMap((event) => event.consumers)
    .map((consumer) => `rpc.${serviceOfConsumer(consumer)}.inbox.confirm`);
  const controlled = OVERSEERS.includes(service)
    ? SERVICES.flatMap((other) => INSTANCE_VERBS.map((verb) => `rpc.${other}.instance.${verb}.*`))
    : [];
  return [...requested, ...confirmed, ...controlled];
}

/**
 * Where replies go: the inboxes of those who may ask. `allow_responses` would be narrower, but makes the server
 * remember every message with a reply subject, events too: consuming fell from 107,000 to 2,500 a second
 * (nats-server 2.9.10). The last word of an inbox subject cannot be guessed, so an answer cannot be forged.
 */
function replySubjects(service: ServiceName): string[] {
  const requesters = [
    ...REQUESTS.filter((request) => request.owner === service).flatMap(({ callers }) => callers),
    ...EVENTS.filter((event) => event.consumers.some((name) => serviceOfConsumer(name) === service)).map(
      ({ owner }) => owner,
    ),
    ...OVERSEERS,
  ];
  return requesters.map((requester) => `${inboxPrefix(requester)}.>`);
}

function consumerSubjects(service: ServiceName): string[] {
  const stream = EVENT_STREAM.name;
  const own = EVENTS.flatMap((event) =>
    event.consumers
      .filter((consumer) => serviceOfConsumer(consumer) === service)
      .flatMap((consumer) => [
        api('CONSUMER.INFO', stream, consumer),
        api('CONSUMER.MSG.NEXT', stream, consumer),
        `$JS.ACK.${stream}.${consumer}.>`,
        `dead.${event.subject}`,
      ]),
  );
  return service === 'monitor'
    ? [...own, api('CONSUMER.INFO', stream, '*'), api('STREAM.INFO', DEAD_LETTER_STREAM.name)]
    : own;
}

/** The buckets that a service may read, and whether it owns each. */
function bucketsOf(service: ServiceName): { name: string; owned: boolean }[] {
  const buckets: [string, { owner: ServiceName; readers?: readonly ServiceName[] }][] =
    Object.entries(BUCKETS);
  return buckets
    .filter(([, { owner, readers = [] }]) => owner === service || readers.includes(service))
    .map(([name, { owner }]) => ({ name, owned: owner === service }));
}

function bucketSubjects(service: ServiceName): string[] {
  return bucketsOf(service).flatMap(({ name, owned }) => [
    api('STREAM.INFO', `KV_${name}`),
    api('STREAM.MSG.GET', `KV_${name}`),
    ...(owned ? [`$KV.${name}.>`] : []),
  ]);
}

/**
 * The allow-list of a service, made from the contracts: the requests it may ask, its own events, its own
 * consumers, its own buckets, its own pulse; to be asked its own requests, to hear what it listens to. It makes no
 * stream and no consumer: those are the provisioner's.
 */
export function natsPermissions(service: ServiceName): NatsPermissions {
  const publish = [
    ...requestSubjects(service),
    ...replySubjects(service),
    ...EVENTS.filter((event) => event.owner === service).map(({ subject }) => subject),
    `pulse.${service}.*`,
    // To itself, once at the start; see `probeHeaderText`.
    `${inboxPrefix(service)}.headers.*`,
    api('STREAM.INFO', EVENT_STREAM.name),
    ...consumerSubjects(service),
    ...bucketSubjects(service),
  ];
  const subscribe = [
    `${inboxPrefix(service)}.>`,
    ...REQUESTS.filter((request) => request.owner === service).map(({ subject }) => subject),
    `rpc.${service}.inbox.confirm`,
    ...INSTANCE_VERBS.map((verb) => `rpc.${service}.instance.${verb}.*`),
    ...EVENTS.filter((event) => event.listeners.includes(service)).map(({ subject }) => subject),
    ...bucketsOf(service).map(({ name }) => `$KV.${name}.>`),
    ...(OVERSEERS.includes(service) ? ['pulse.*.*'] : []),
  ];
  return {
    publish: [...new Set(publish)].sort(),
    subscribe: [...new Set(subscribe)].sort(),
  };
}

/** The allow-list of the provisioner: to make what the contracts name, and nothing else. */
export function provisionerPermissions(): NatsPermissions {
  const { streams } = provisionPlan();
  return {
    publish: [
      jetStreamApi('STREAM.NAMES'),
      ...streams.map(({ name }) => jetStreamApi('STREAM.CREATE', name)),
      jetStreamApi('CONSUMER.NAMES', EVENT_STREAM.name),
      jetStreamApi('CONSUMER.CREATE', EVENT_STREAM.name, '>'),
    ].sort(),
    subscribe: [
      '$JS.EVENT.ADVISORY.CONSUMER.DELETED.>',
      '$JS.EVENT.ADVISORY.STREAM.DELETED.>',
      `_INBOX_${PROVISIONER}.>`,
    ],
  };
}

/**
 * What the account of the streams takes from that of the services, beside the permissions of each user: publishing and
 * acknowledging, pulling, looking and reading one message. Whatever else of JetStream somebody asks for, or has named as a
 * reply subject, does not exist where the services are. Wildcards throughout: on 2.9 an answer of the streams whose
 * reply subject is such an import does not come back in, while it does for an import of that very subject.
 */
export const STORE_IMPORTS: readonly StoreImport[] = [
  ...['event.>', 'dead.>', '$KV.>', '$JS.ACK.>'].map((subject) => ({ subject, as: subject })),
  ...['CONSUMER.INFO.*.*', 'CONSUMER.MSG.NEXT.*.*', 'STREAM.INFO.*', 'STREAM.MSG.GET.*'].map((verb) => ({
    subject: jetStreamApi(verb),
    as: api(verb),
    ...(verb.startsWith('CONSUMER.MSG.NEXT') && { streamed: true as const }),
  })),
];

interface StoreImport {
  /** In the account of the streams. */
  readonly subject: string;
  /** In the account of the services. */
  readonly as: string;
  /** One request, many answers. */
  readonly streamed?: true;
}
