import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKETS, EVENTS, REQUESTS, SERVICES, type ServiceName } from '@gridworks/contracts';
import { logIn } from '../requests/probe-partner.ts';
import { PortalClient } from '../system/portal-client.ts';
import type { Attack, AttackContext } from './attack.ts';
import { NatsClient } from './nats-client.ts';

const MARK = 'made by an attack';
const SETTLE_MS = 1500;

/**
 * An attacker with one service's NATS password tries everything that a server or another service might do on
 * his behalf. A request may reach its responder only when its caller may send it.
 */
export const busDeputies: Attack = {
  name: 'bus-deputies',
  does: 'with the NATS password of each service: requests of others, consumers that deliver for it, foreign replies',
  async run(context) {
    const problems: string[] = [];
    let tried = 0;
    const admin = new PortalClient(`http://${context.host}:${context.port}`);
    const token = await logIn(admin, context.system.admin.email, context.system.admin.password);
    try {
      for (const service of SERVICES) {
        const client = await NatsClient.open(natsPort(context), service, natsPassword(context, service));
        try {
          tried += await tryDirectly(client, service, problems);
          tried += await tryConsumers(client, service);
          tried += await tryForeignReplies(client, service);
        } finally {
          client.close();
        }
      }
      await sleep(SETTLE_MS);
      const { data } = await admin.get<{ data: { reason: string; created_by: string }[] }>(
        '/v1/admin/pauses',
        { token },
      );
      for (const { reason, created_by } of data)
        if (reason.startsWith(MARK))
          problems.push(`a pause was made in the name of ${created_by}: ${reason}`);
    } finally {
      admin.close();
    }
    return { problems, facts: { attempts: tried, services: SERVICES.length } };
  },
};

/** The effect of an attempt that gets through: a label that does no harm, and that the admin API shows. */
const pauseBody = (how: string): string =>
  JSON.stringify({ scope: 'service:support', effect: 'label', reason: `${MARK}: ${how}`, seconds: 20 });
/** JetStream's API by its own name, and the prefix under which the services reach the parts they may use. */
const JETSTREAM = ['$JS.API', '$STORE.API'];
const PAUSE = 'rpc.healer.pause.create';

/** Requests that the service may not send, and the gateway's own without a principal. */
async function tryDirectly(client: NatsClient, service: ServiceName, problems: string[]): Promise<number> {
  const foreign = REQUESTS.filter(({ callers }) => !callers.includes(service));
  for (const { subject } of foreign) {
    const { body, refused } = await client.request(subject, '{}', { 'Deadline-Ms': '1000' }, 200);
    if (refused.length === 0 && body !== null) problems.push(`${service} got a response from ${subject}`);
  }
  const { body } = await client.request(
    PAUSE,
    pauseBody(`${service}, no principal`),
    { 'Deadline-Ms': '1000' },
    400,
  );
  if (body?.includes('"object":"pause"')) problems.push(`${service} made a pause without a principal`);
  return foreign.length + 1;
}

/** Push consumers, mirrors and sourced streams that would deliver into a foreign subject. */
async function tryConsumers(client: NatsClient, service: ServiceName): Promise<number> {
  const streams = ['EVENTS', 'DEAD', ...Object.keys(BUCKETS).map((name) => `KV_${name}`)];
  let tried = 0;
  for (const stream of streams)
    for (const [name, filter] of consumersOf(service, stream)) {
      const config = {
        name,
        durable_name: name,
        deliver_subject: PAUSE,
        deliver_policy: 'all',
        ack_policy: 'none',
        filter_subject: filter,
        replay_policy: 'instant',
      };
      const body = JSON.stringify({ stream_name: stream, config, action: '' });
      await client.request(`$JS.API.CONSUMER.CREATE.${stream}.${name}.${filter}`, body, {}, 200);
      await client.request(`$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${name}`, body, {}, 200);
      tried += 2;
    }
  const republish = { src: '>', dest: PAUSE };
  for (const [stream, config] of [
    ['ATTACK', { subjects: [PAUSE], storage: 'memory' }],
    ['ATTACK', { subjects: [`event.${service}.attack.done`], storage: 'memory', republish }],
  ] as const) {
    await client.request(
      `$JS.API.STREAM.CREATE.${stream}`,
      JSON.stringify({ name: stream, ...config }),
      {},
      200,
    );
    tried++;
  }
  // What such a consumer would deliver: an event of the service's own that it never consumes, and its own
  // keys.
  client.publish(`event.${service}.call.queued`, pauseBody(`${service}, by a consumer`), {
    'Deadline-Ms': '2000',
  });
  for (const [bucket, { owner }] of Object.entries(BUCKETS))
    if (owner === service) {
      client.publish(`$KV.${bucket}.attack`, pauseBody(`${service}, by ${bucket}`), {
        'Deadline-Ms': '2000',
      });
      client.publish(`$KV.${bucket}.attack`, '', { 'KV-Operation': 'DEL' });
    }
  await client.flush();
  return tried;
}

function consumersOf(service: ServiceName, stream: string): [string, string][] {
  if (stream === 'EVENTS') return [[`${service}_replay-call`, `event.${service}.call.queued`]];
  return [['attack', stream.startsWith('KV_') ? `$KV.${stream.slice(3)}.>` : 'dead.>']];
}

/** The server and other services publish replies with their own rights: to whatever subject the request names. */
async function tryForeignReplies(client: NatsClient, service: ServiceName): Promise<number> {
  const own = REQUESTS.filter(({ callers }) => callers.includes(service)).map(({ subject }) => subject);
  const deputies = [
    ...JETSTREAM.flatMap((api) => [
      ...Object.keys(BUCKETS).flatMap((name) => [
        `${api}.STREAM.MSG.GET.KV_${name}`,
        `${api}.DIRECT.GET.KV_${name}`,
      ]),
      ...EVENTS.flatMap(({ consumers }) => consumers).map(
        (name) => `${api}.CONSUMER.MSG.NEXT.EVENTS.${name}`,
      ),
      `${api}.STREAM.INFO.EVENTS`,
    ]),
    ...own,
  ];
  for (const subject of deputies)
    client.publish(subject, pauseBody(`${service}, reply of ${subject}`), { 'Deadline-Ms': '1000' }, PAUSE);
  await client.flush();
  return deputies.length;
}

const natsPort = ({ system }: AttackContext): number => system.process('nats')!.ports[0]!;

function natsPassword({ system }: AttackContext, service: ServiceName): string {
  const secrets = JSON.parse(readFileSync(system.layout.secrets, 'utf8')) as {
    nats_passwords: Record<string, string>;
  };
  return secrets.nats_passwords[service]!;
}
