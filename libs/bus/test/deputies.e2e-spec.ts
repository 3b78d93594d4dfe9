import { BUCKETS, EVENTS, REQUESTS, SERVICES, type ServiceName } from '@gridworks/contracts';
import { type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { serviceOfConsumer } from '../src/permissions/index.ts';
import {
  connectAsAttacker,
  publishDirectly,
  pullTo,
  pushConsumer,
  requestJetStream,
  responseTo,
  store,
} from './deputies.ts';

/** The state of the streams, which only the provisioner can see. */
interface Store {
  readonly messages: Record<string, number>;
  readonly subjects: Record<string, Record<string, number>>;
  readonly consumers: readonly string[];
}

/**
 * Uses each service's user against the servers' own configuration, with everything that could send a message
 * on its behalf.
 */
describe('an attacker with the user of a service', () => {
  const streams = ['EVENTS', 'DEAD', ...Object.keys(BUCKETS).map((name) => `KV_${name}`)];
  let server: NatsServer;
  let provisioner: NatsConnection;
  let attackers: Record<ServiceName, NatsConnection>;

  beforeAll(async () => {
    server = await startNats({ withPermissions: true });
    const { user = '', password = '' } = server.credentials('provisioner');
    provisioner = await connect({
      servers: server.url,
      user,
      pass: password,
      inboxPrefix: '_INBOX_provisioner',
    });
    const connected = await Promise.all(
      SERVICES.map(
        async (name) => [name, await connectAsAttacker(server.url, name, server.credentials(name))] as const,
      ),
    );
    attackers = Object.fromEntries(connected) as Record<ServiceName, NatsConnection>;
  });
  afterAll(async () => {
    await Promise.all(Object.values(attackers).map((nc) => nc.close()));
    await provisioner.close();
    await server.stop();
  });

  const ownEventOf = (service: ServiceName) => {
    const own = EVENTS.find(
      ({ owner, consumers }) =>
        owner === service && consumers.some((name) => serviceOfConsumer(name) === service),
    );
    if (!own) throw new Error(`${service} consumes no event of its own`);
    const consumer = own.consumers.find((name) => serviceOfConsumer(name) === service) as string;
    return { subject: own.subject, consumer };
  };
  const bucketOf = (service: ServiceName) =>
    Object.entries(BUCKETS).find(([, { owner }]) => owner === service)?.[0];
  const foreignRequests = (service: ServiceName) =>
    REQUESTS.filter(({ owner, callers }) => owner !== service && !callers.includes(service)).map(
      ({ subject }) => subject,
    );
  const foreignBuckets = (service: ServiceName) =>
    Object.entries(BUCKETS)
      .filter(([, { owner }]) => owner !== service)
      .map(([name]) => `$KV.${name}.pauses`);
  const foreignEvents = (service: ServiceName) =>
    EVENTS.filter(({ owner }) => owner !== service).map(({ subject }) => subject);

  /** Every reply subject that an attacker could profit from. */
  const targetsOf = (service: ServiceName) => [
    ...foreignBuckets(service),
    ...foreignEvents(service).slice(0, 6),
    ...streams.flatMap((name) => [`$JS.API.STREAM.PURGE.${name}`, `$JS.API.STREAM.DELETE.${name}`]),
    ...['PURGE', 'DELETE'].map((verb) => `$STORE.API.STREAM.${verb}.EVENTS`),
    `$JS.API.CONSUMER.DELETE.EVENTS.${ownEventOf(service).consumer}`,
    '$JS.API.CONSUMER.CREATE.EVENTS.evil.event.billing.call.queued',
    '$JS.API.CONSUMER.DURABLE.CREATE.EVENTS.evil',
    '$JS.ACK.EVENTS.billing_record-usage.1.1.1.1.1',
  ];

  const readStore = async (): Promise<Store> => {
    const messages: Record<string, number> = {};
    const subjects: Record<string, Record<string, number>> = {};
    const admin = await connectToStore();
    try {
      for (const name of streams) {
        const info = (await admin(`STREAM.INFO.${name}`, { subjects_filter: '>' })) as {
          state: { messages: number; subjects?: Record<string, number> };
        };
        messages[name] = info.state.messages;
        subjects[name] = info.state.subjects ?? {};
      }
      const { consumers } = (await admin('CONSUMER.NAMES.EVENTS', {})) as { consumers: string[] };
      return { messages, subjects, consumers: consumers.sort() };
    } finally {
      await provisioner.flush();
    }
  };
  /** Combines a service's rights to read; the provisioner may only create. */
  async function connectToStore() {
    return async (verb: string, body: object): Promise<Record<string, unknown>> => {
      const [, , stream = ''] = verb.split('.');
      const by = verb.startsWith('CONSUMER.NAMES') ? provisioner : lookerOf(stream);
      const prefix = by === provisioner ? '$JS.API' : '$STORE.API';
      const response = await requestJetStream(by, `${prefix}.${verb}`, body);
      if (!response || 'error' in response) throw new Error(`${verb}: ${JSON.stringify(response)}`);
      return response;
    };
  }
  function lookerOf(stream: string): NatsConnection {
    const bucket = Object.entries(BUCKETS).find(([name]) => stream === `KV_${name}`);
    return bucket ? attackers[bucket[1].owner] : attackers.monitor;
  }
  /** The messages in foreign subjects, and all consumers. */
  const foreign = (service: ServiceName, { subjects, consumers }: Store) => ({
    consumers,
    subjects: Object.entries(subjects).flatMap(([stream, each]) =>
      Object.entries(each)
        .filter(([subject]) => stream !== 'EVENTS' || subject.split('.')[1] !== service)
        .filter(([subject]) => stream !== `KV_${bucketOf(service)}` || !subject.startsWith('$KV.'))
        .filter(
          ([subject]) =>
            !(
              stream.startsWith('KV_') &&
              BUCKETS[stream.slice(3) as keyof typeof BUCKETS].owner === service &&
              subject.startsWith('$KV.')
            ),
        )
        .map(([subject, count]) => `${stream} ${subject} ${count}`),
    ),
  });

  it.each([...SERVICES])('as %s creates no consumer, in no stream and under no name', async (service) => {
    const nc = attackers[service];
    const before = await readStore();
    for (const stream of streams) {
      const subject = stream === 'EVENTS' ? ownEventOf(service).subject : `$KV.${stream.slice(3)}.x`;
      const forgery = { target: 'rpc.auth.api-key.create', body: '{}' };
      const name = stream === 'EVENTS' ? ownEventOf(service).consumer : undefined;
      for (const from of [
        { stream, subject },
        { stream, subject, ...(name && { name }) },
      ])
        expect([stream, await pushConsumer(nc, from, forgery, { ack: 'none' })]).toEqual([stream, false]);
      for (const verb of [
        `CONSUMER.DURABLE.CREATE.${stream}.evil`,
        `CONSUMER.CREATE.${stream}`,
        `STREAM.CREATE.${stream}`,
        'STREAM.CREATE.EVIL',
      ])
        for (const prefix of ['$JS.API', '$STORE.API'])
          nc.publish(
            `${prefix}.${verb}`,
            JSON.stringify({ stream_name: stream, config: { deliver_subject: forgery.target } }),
          );
    }
    await nc.flush();
    expect((await readStore()).consumers).toEqual(before.consumers);
  });

  it.each([...SERVICES])(
    'as %s reaches no foreign subject of a stream by a reply subject',
    async (service) => {
      const nc = attackers[service];
      const { subject, consumer } = ownEventOf(service);
      const before = await readStore();
      for (const target of targetsOf(service)) {
        // The acknowledgement of a stored message, the messages and the status of a pull, a response of the
        // API.
        await store(nc, subject, { target, body: '{"seq":1000000}' }, target);
        await store(nc, subject, { target, body: '' });
        await pullTo(nc, consumer, target);
        await responseTo(nc, '$STORE.API.STREAM.INFO.EVENTS', target);
        const bucket = bucketOf(service) ?? 'healer_patterns';
        await responseTo(nc, `$STORE.API.STREAM.MSG.GET.KV_${bucket}`, target, '{"seq":1}');
        await publishDirectly(nc, { target, body: '{}' });
      }
      // Pulls end after 200 ms, with a status message to the reply subject.
      await new Promise((resolve) => setTimeout(resolve, 400));
      const after = await readStore();
      expect(foreign(service, after)).toEqual(foreign(service, before));
      // Its own events are stored, so the attempts were made, and nothing was purged.
      expect(after.messages.EVENTS).toBeGreaterThan(
        (before.messages.EVENTS ?? 0) + targetsOf(service).length,
      );
    },
  );

  it.each([...SERVICES])(
    'as %s delivers nothing without a mark of the stream to a foreign request',
    async (service) => {
      const nc = attackers[service];
      const { subject, consumer } = ownEventOf(service);
      const target = foreignRequests(service)[0] as string;
      const owner = target.split('.')[1] as ServiceName;
      const received: { reply: string; headers: string[] }[] = [];
      const sub = attackers[owner].subscribe(target, {
        callback: (_, msg) =>
          void received.push({ reply: msg.reply ?? '', headers: [...(msg.headers?.keys() ?? [])] }),
      });
      await attackers[owner].flush();
      await publishDirectly(nc, { target, body: '{}' }, `_INBOX_gateway.x`);
      await store(nc, subject, { target, body: '{}' }, target);
      await pullTo(nc, consumer, target);
      await responseTo(nc, '$STORE.API.STREAM.INFO.EVENTS', target);
      await new Promise((resolve) => setTimeout(resolve, 400));
      sub.unsubscribe();
      // The server does deliver there; the receiver detects and drops the message: see dropped-messages.
      expect(received.length).toBeGreaterThan(0);
      for (const { reply } of received) expect(reply).toMatch(/^$|^\$JS\.ACK\./);
    },
  );
});
