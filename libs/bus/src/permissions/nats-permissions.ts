import {
  BUCKETS,
  consumerRequest,
  DEAD_LETTER_CONSUMER,
  DEAD_LETTER_STREAM,
  EVENT_STREAM,
  EVENTS,
  INSTANCE_VERBS,
  inboxDiscardRequest,
  inboxRequest,
  indexRequests,
  REQUESTS,
  replayRequest,
  SERVICES,
  type ServiceName,
} from '@gridworks/contracts';
import { PROVISIONER, provisionPlan } from './provision-plan.ts';

/**
 * The permissions of one service's NATS user. An allow-list: everything that is not named here is refused.
 */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The subject prefix of the replies to a service. No other service may subscribe to it. */
export const inboxPrefix = (service: ServiceName): string => `_INBOX_${service}`;

/** `billing_record-usage` -> `billing`. */
export const serviceOfConsumer = (consumer: string): ServiceName =>
  consumer.slice(0, consumer.indexOf('_')) as ServiceName;

/**
 * Services that supervise all others: they receive every pulse and may send control requests to any instance.
 */
const OVERSEERS: readonly ServiceName[] = ['monitor', 'healer'];

/** JetStream's own API, in the account that holds the streams. */
export const JETSTREAM_API = '$JS.API';
/**
 * The prefix of the parts of JetStream's API that the services may use. The prefix differs from JetStream's
 * own, since on every server with JetStream the own one exists in every account, to report that the account
 * has no JetStream.
 */
export const STORE_API = '$STORE.API';

const api = (verb: string, ...rest: string[]): string => [STORE_API, verb, ...rest].join('.');
const jetStreamApi = (verb: string, ...rest: string[]): string => [JETSTREAM_API, verb, ...rest].join('.');

/** The requests that the healer sends about dead letters, which every service may serve. */
const replayRequests = (service: ServiceName) => [
  consumerRequest(service),
  replayRequest(service),
  inboxDiscardRequest(service),
];

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
  // The healer has dead letters replayed and indexes built, and asks for events that were processed meanwhile.
  const replayed =
    service === serviceOfConsumer(DEAD_LETTER_CONSUMER)
      ? SERVICES.flatMap((other) =>
          [...replayRequests(other), inboxRequest(other), ...indexRequests(other)].map(
            ({ subject }) => subject,
          ),
        )
      : [];
  return [...requested, ...confirmed, ...controlled, ...replayed];
}

/**
 * The subjects of replies: the inboxes of the permitted callers. `allow_responses` would be narrower, but
 * makes the server remember every message with a reply subject, events too: consuming fell from 107,000 to
 * 2,500 a second (nats-server 2.9.10). The last token of an inbox subject cannot be guessed, so a response
 * cannot be forged.
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
  const letters = DEAD_LETTER_STREAM.name;
  if (service === serviceOfConsumer(DEAD_LETTER_CONSUMER))
    own.push(
      api('CONSUMER.INFO', letters, DEAD_LETTER_CONSUMER),
      api('CONSUMER.MSG.NEXT', letters, DEAD_LETTER_CONSUMER),
      `$JS.ACK.${letters}.${DEAD_LETTER_CONSUMER}.>`,
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
 * The allow-list of a service, made from the contracts. It may send the requests that name it as a caller,
 * publish its own events, use its own consumers and buckets, and send its own pulse; it may subscribe to its
 * own requests and to the events that it listens to. It creates no stream and no consumer: only the
 * provisioner does.
 */
export function natsPermissions(service: ServiceName): NatsPermissions {
  const publish = [
    ...requestSubjects(service),
    ...replySubjects(service),
    ...EVENTS.filter((event) => event.owner === service).map(({ subject }) => subject),
    `pulse.${service}.*`,
    // The service sends a message to itself, once at the start; see `probeHeaderText`.
    `${inboxPrefix(service)}.headers.*`,
    api('STREAM.INFO', EVENT_STREAM.name),
    ...consumerSubjects(service),
    ...bucketSubjects(service),
  ];
  const subscribe = [
    `${inboxPrefix(service)}.>`,
    ...REQUESTS.filter((request) => request.owner === service).map(({ subject }) => subject),
    `rpc.${service}.inbox.confirm`,
    ...[...replayRequests(service), ...indexRequests(service)].map(({ subject }) => subject),
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

/**
 * The allow-list of the provisioner: creating the streams, buckets and consumers of the contracts, and
 * nothing else.
 */
export function provisionerPermissions(): NatsPermissions {
  const { streams } = provisionPlan();
  return {
    publish: [
      jetStreamApi('STREAM.NAMES'),
      ...streams.map(({ name }) => jetStreamApi('STREAM.CREATE', name)),
      ...[EVENT_STREAM, DEAD_LETTER_STREAM].flatMap(({ name }) => [
        jetStreamApi('CONSUMER.NAMES', name),
        jetStreamApi('CONSUMER.CREATE', name, '>'),
      ]),
    ].sort(),
    subscribe: [
      '$JS.EVENT.ADVISORY.CONSUMER.DELETED.>',
      '$JS.EVENT.ADVISORY.STREAM.DELETED.>',
      `_INBOX_${PROVISIONER}.>`,
    ],
  };
}

/**
 * The imports of the services' account from the account of the streams, beside the permissions of each user:
 * publishing and acknowledging, pulling, reading state and reading one message. Any other part of JetStream
 * that a client requests, or names as a reply subject, does not exist in the services' account. All imports
 * are wildcards: on 2.9 a response of the streams whose reply subject matches a wildcard import is not routed
 * back in, while it is for an import of that exact subject.
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
  /** The subject in the account of the streams. */
  readonly subject: string;
  /** The subject in the account of the services. */
  readonly as: string;
  /** One request, many responses. */
  readonly streamed?: true;
}
