import { fileURLToPath } from 'node:url';
import { startPostgres } from '@gridworks/testing';
import type { BenchOptions } from '../bench-options.ts';
import { start } from '../processes.ts';
import { startNats } from '../start-nats.ts';
import { figure, median, table } from '../table.ts';

type Figures = Record<string, number>;
const TITLES: Record<string, string> = {
  request_100_in_flight: 'requests with a response, 100 in flight',
  request_one_by_one: 'requests with a response, one after another',
  publish_acked_500_in_flight: 'events stored and acknowledged, 500 in flight',
  consume_and_ack: 'events consumed and acknowledged',
  outbox_transactions: 'transactions with an event in the outbox, 8 at once',
  outbox_commit_to_stream: 'the same, until each event is in the stream',
};

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** One process of compiled code, as in production, so that neither side is slowed by TypeScript sources. */
async function measure(env: Record<string, string>): Promise<Figures> {
  const responder = await start(process.execPath, ['--no-warnings', file('responder.ts')], {
    env,
    ready: /listening (\d+)/,
  });
  try {
    let printed = '';
    const run = await start(process.execPath, ['--no-warnings', file('measure.ts')], {
      env,
      ready: /listening (\d+)\n.*\}/,
      timeoutMs: 120_000,
      onOutput: (text) => {
        printed = text;
      },
    });
    await run.stop();
    return JSON.parse(/\{.*\}/.exec(printed)?.[0] ?? '{}') as Figures;
  } finally {
    await responder.stop();
  }
}

/** The bus compared with nats.js and JetStream without it. A new NATS server for each side of each round. */
export async function runBus({ rounds, say }: BenchOptions) {
  say('starting PostgreSQL');
  const postgres = await startPostgres({ settings: { fsync: 'on', full_page_writes: 'on' } });
  const all: Record<'ours' | 'raw', Figures[]> = { ours: [], raw: [] };
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const side of ['raw', 'ours'] as const) {
        const nats = await startNats();
        try {
          const provisioner = side === 'raw' ? await makeStream(nats.port) : await provision(nats.port);
          all[side].push(
            await measure({
              NATS_URL: `nats://127.0.0.1:${nats.port}`,
              ...(side === 'ours'
                ? { OURS: '1', DATABASE_URL: await postgres.createServiceDatabase('support') }
                : {}),
            }),
          );
          await provisioner?.stop();
        } finally {
          await nats.stop();
        }
        say(`round ${round}/${rounds}  ${side}`);
      }
    }
  } finally {
    await postgres.stop();
  }
  const of = (side: 'ours' | 'raw', name: string) =>
    median(all[side].map((figures) => figures[name] ?? Number.NaN));
  const figures = Object.keys(TITLES).map((name) => {
    const ours = of('ours', name);
    const raw = of('raw', name);
    return { name, ours, raw: Number.isNaN(raw) ? null : raw, ratio: Number.isNaN(raw) ? null : ours / raw };
  });
  const text = table(
    ['a second', 'ours', 'nats.js alone', 'ours is'],
    figures.map((row) => [
      TITLES[row.name] ?? row.name,
      figure(row.ours),
      row.raw === null ? '' : figure(row.raw),
      row.ratio === null ? '' : `${figure(row.ratio)} x`,
    ]),
  );
  return { suite: 'bus', figures, text };
}

/** The same streams, buckets and consumers as with `npm start`. */
async function provision(port: number) {
  const { Provisioner } = await import('@gridworks/bus/provisioner');
  const { provisionPlan } = await import('@gridworks/bus/permissions');
  return Provisioner.startAndWait({ servers: `nats://127.0.0.1:${port}`, plan: provisionPlan() }, 15_000);
}

async function makeStream(port: number): Promise<undefined> {
  const { connect } = await import('@nats-io/transport-node');
  const { jetstreamManager } = await import('@nats-io/jetstream');
  const nc = await connect({ servers: `nats://127.0.0.1:${port}` });
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: 'EVENTS', subjects: ['event.>'] });
  await nc.close();
  return undefined;
}
