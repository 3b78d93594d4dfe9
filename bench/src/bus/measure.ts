/** One round of every figure of the bus, ours and raw, in one process; prints one line of JSON. */
import { Bus } from '@gridworks/bus';
import { EVENTS, listPlans, newId, ticketOpened, usageRecorded } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { rate, usagePayload } from './payload.ts';

const servers = process.env.NATS_URL as string;
const scale = Number(process.env.SCALE ?? 1);
const figures: Record<string, number> = {};
const bus = await Bus.connect({
  servers,
  service: 'gateway',
  instance: 'gateway',
  signingKey: '0'.repeat(64),
});
const nc = await connect({ servers });
const js = jetstream(nc);
const jsm = await jetstreamManager(nc);
if (!EVENTS.includes(usageRecorded)) throw new Error('the contracts have no usage event');

const senders = {
  ours: () => bus.request(listPlans, {}),
  raw: async () => (await nc.request('rpc.billing.plan.list', '{}', { timeout: 2000 })).json(),
};
const which = process.env.OURS ? 'ours' : 'raw';
await rate(2000, 100, senders[which]);
figures.request_100_in_flight = await rate(20_000 * scale, 100, senders[which]);
figures.request_one_by_one = await rate(2000 * scale, 1, senders[which]);

const stored = 10_000 * scale;
const body = JSON.stringify({ specversion: '1.0', id: 'x', source: '/x', type: 'x', data: usagePayload() });
figures.publish_acked_500_in_flight = await rate(stored, 500, () =>
  which === 'ours'
    ? bus.publish(usageRecorded, usagePayload())
    : js.publish(usageRecorded.subject, body, { msgID: newId('event') }),
);

if (which === 'ours') {
  const biller = await Bus.connect({
    servers,
    service: 'billing',
    instance: 'b',
    signingKey: '0'.repeat(64),
  });
  let seen = 0;
  const began = process.hrtime.bigint();
  await new Promise<void>((resolve) => {
    void biller.consume(usageRecorded, 'billing_record-usage', async () => {
      if (++seen === stored) resolve();
    });
  });
  figures.consume_and_ack = stored / (Number(process.hrtime.bigint() - began) / 1e9);
  await biller.close();
} else {
  await jsm.consumers.add('EVENTS', {
    durable_name: 'raw',
    ack_policy: AckPolicy.Explicit,
    filter_subject: usageRecorded.subject,
    max_ack_pending: 1000,
  });
  const consumer = await js.consumers.get('EVENTS', 'raw');
  const began = process.hrtime.bigint();
  let seen = 0;
  for await (const message of await consumer.consume({ max_messages: 1000 })) {
    message.json();
    message.ack();
    if (++seen === stored) break;
  }
  figures.consume_and_ack = stored / (Number(process.hrtime.bigint() - began) / 1e9);
}

if (which === 'ours' && process.env.DATABASE_URL) {
  // From the start of the first transaction until JetStream has acknowledged the last event.
  const dist = '../../../libs/persistence/dist';
  const { EventRelay } = await import(`${dist}/outbox/relay-events.js`);
  const { CreateMessagingTables1000000000001 } = await import(
    `${dist}/migrations/create-messaging-tables.js`
  );
  const logger = createLogger({ service: 'support', instance: 'bench', level: 'error' });
  const support = await Bus.connect({
    servers,
    service: 'support',
    instance: 's',
    signingKey: '0'.repeat(64),
  });
  const database = new Database({
    url: process.env.DATABASE_URL,
    schema: 'support',
    applicationName: 'bench',
    entities: [],
    migrations: [CreateMessagingTables1000000000001],
    logger,
  });
  database.start();
  await database.whenReady();
  const relay = new EventRelay({ database, bus: support, logger });
  database.onEmitted(() => relay.nudge());
  relay.start();
  const count = 2000 * scale;
  const ids = { ticket_id: newId('ticket'), partner_id: newId('partner'), priority: 'normal' };
  const began = process.hrtime.bigint();
  figures.outbox_transactions = await rate(count, 8, () =>
    database.transaction(async (tx) => {
      tx.emit(ticketOpened, ids);
    }),
  );
  for (;;) {
    const info = await jsm.streams.info('EVENTS', { subjects_filter: ticketOpened.subject });
    if ((info.state.subjects?.[ticketOpened.subject] ?? 0) >= count) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  figures.outbox_commit_to_stream = count / (Number(process.hrtime.bigint() - began) / 1e9);
}
console.log(`listening 0\n${JSON.stringify(figures)}`);
process.exit(0);
