import type { BenchOptions } from '../bench-options.ts';
import { generator, type LoadResult, load } from '../load.ts';
import { type Started, startNode } from '../processes.ts';
import { startNats } from '../start-nats.ts';
import { figure, median, table } from '../table.ts';
import { type Portal, startPortal } from './start-portal.ts';

const PEERS = {
  'raw Fastify + raw NATS': 'raw',
  'NestJS + Fastify + its NATS transport': 'nest',
  'moleculer-web + Moleculer over NATS': 'moleculer',
} as const;
const OURS = 'ours: key, limit, metering on';

interface Contender {
  readonly name: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

async function startPeer(kind: string, natsUrl: string): Promise<{ port: number; parts: Started[] }> {
  const extension = kind === 'moleculer' ? 'mjs' : 'ts';
  const service = await startNode(`request-path/${kind}-service.${extension}`, { NATS_URL: natsUrl });
  const gateway = await startNode(`request-path/${kind}-gateway.${extension}`, { NATS_URL: natsUrl });
  return { port: gateway.port, parts: [gateway, service] };
}

/**
 * `GET /v1/plans` from 32 keep-alive connections: HTTP to a gateway process, NATS to a service process, and
 * back. Ours is the whole product with a verified key, limits and metering; the peers do none of that. All
 * run for the whole time; rounds are interleaved, so that a slower machine affects all of them.
 */
export async function runRequestPath({ seconds, rounds, say }: BenchOptions) {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    say('starting NATS and the peers');
    const contenders: Contender[] = [];
    for (const [name, kind] of Object.entries(PEERS)) {
      // One server for each peer: two services of one queue group would take each other's requests.
      const nats = await startNats();
      stops.push(() => nats.stop());
      const peer = await startPeer(kind, `nats://127.0.0.1:${nats.port}`);
      stops.push(...peer.parts.map((part) => () => part.stop()));
      contenders.push({ name, url: `http://127.0.0.1:${peer.port}/v1/plans`, headers: {} });
    }
    say('starting the portal');
    const portal: Portal = await startPortal();
    stops.push(() => portal.stop());
    contenders.push({
      name: OURS,
      url: `${portal.url}/v1/plans`,
      headers: { authorization: `Bearer ${portal.key}` },
    });

    const results = new Map<string, LoadResult[]>(contenders.map(({ name }) => [name, []]));
    for (const contender of contenders) await load(contender.url, 2, contender.headers);
    for (let round = 1; round <= rounds; round++) {
      for (const contender of contenders) {
        const result = await load(contender.url, seconds, contender.headers);
        results.get(contender.name)?.push(result);
        say(`round ${round}/${rounds}  ${contender.name}: ${figure(result.requestsPerSecond)} requests/s`);
      }
    }
    const of = (name: string, pick: (result: LoadResult) => number) =>
      median((results.get(name) ?? []).map(pick));
    const figures = contenders.map(({ name }) => ({
      name,
      requests_per_second: of(name, (result) => result.requestsPerSecond),
      p50_ms: of(name, (result) => result.p50Ms),
      p99_ms: of(name, (result) => result.p99Ms),
      failed: (results.get(name) ?? []).reduce((sum, result) => sum + result.failed, 0),
    }));
    const ours = figures.find((row) => row.name === OURS)?.requests_per_second ?? Number.NaN;
    const ratios = Object.fromEntries(
      figures.filter((row) => row.name !== OURS).map((row) => [row.name, ours / row.requests_per_second]),
    );
    const text = `${table(
      [`GET /v1/plans, 32 connections, ${generator}`, 'requests/s', 'p50 ms', 'p99 ms', 'failed', 'ours is'],
      figures.map((row) => [
        row.name,
        figure(row.requests_per_second),
        figure(row.p50_ms),
        figure(row.p99_ms),
        String(row.failed),
        row.name === OURS ? '' : `${figure(ratios[row.name] ?? Number.NaN)} x`,
      ]),
    )}\n\nusage counted by billing for the key: ${(await portal.usage()).toLocaleString('en-GB')} calls`;
    return { suite: 'request-path', generator, figures, ratios, text };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
