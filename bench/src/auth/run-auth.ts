import '../../../services/gateway/test/transpile.mjs';
import { type PostgresServer, startPostgres } from '../../../libs/testing/src/postgres-server.ts';
import type { BenchOptions } from '../bench-options.ts';
import { figure, median, table } from '../table.ts';
import { makeAccounts, type Size, storeOurs, writesSoFar } from './accounts.ts';

const SIZES: readonly Size[] = [
  { partners: 10, keys: 100, users: 50 },
  { partners: 1000, keys: 10_000, users: 5000 },
];
const WARM_CHECKS = 200_000;
/** Checks that reach PostgreSQL, one after another. */
const COLD_CHECKS = 2000;
/** Keys that are remembered at once. */
const AT_ONCE = 4;
/** A round has so many turns of each contender, so that a slower moment of the machine affects all of them. */
const TURNS = 4;

const NAMES = {
  warm: 'ours, remembered by the gateway',
  cold: 'ours, verified by auth',
  peer: 'better-auth, API key plugin',
} as const;
type Kind = keyof typeof NAMES;

interface Contender {
  readonly kind: Kind;
  readonly keys: number;
  readonly partners: number;
  readonly checks: number;
  /** Before each turn, not measured. */
  readonly prepare: () => Promise<void>;
  readonly check: (n: number) => void | Promise<void>;
  readonly us: number[];
  /** Transactions of PostgreSQL that wrote something, a check. */
  readonly writes: number[];
}

/** Keys in an order that no cache of neighbours helps: 7919 is prime. */
const pick = (keys: readonly string[], n: number): string => keys[(n * 7919) % keys.length] as string;

/**
 * The check of an API key, one after another: time and writes, with few accounts and with many, beside better-auth.
 * The three share one PostgreSQL server, which does nothing else; rounds are interleaved.
 */
export async function runAuth({ rounds, say }: BenchOptions) {
  const postgres = await startPostgres();
  const closes: (() => Promise<unknown>)[] = [];
  try {
    const contenders: Contender[] = [];
    for (const size of SIZES) {
      say(`storing ${size.partners} partners, ${size.keys} keys, ${size.users} users, twice`);
      contenders.push(...(await openAll(postgres, size, closes)));
    }
    for (const one of contenders) await run(one, COLD_CHECKS);
    for (let round = 1; round <= rounds; round++) {
      const sums = contenders.map(() => ({ us: 0, writes: 0 }));
      for (let turn = 0; turn < TURNS; turn++)
        for (const [at, one] of contenders.entries()) {
          await one.prepare();
          const before = await writesSoFar(postgres.adminUrl);
          const sum = sums[at] as (typeof sums)[number];
          sum.us += await run(one, one.checks / TURNS);
          sum.writes += (await writesSoFar(postgres.adminUrl)) - before;
        }
      for (const [at, one] of contenders.entries()) {
        one.us.push((sums[at]?.us ?? Number.NaN) / TURNS);
        one.writes.push((sums[at]?.writes ?? Number.NaN) / one.checks);
      }
      say(`round ${round} of ${rounds}`);
    }
    return report(contenders);
  } finally {
    for (const close of closes.reverse()) await close();
    await postgres.stop();
  }
}

async function openAll(
  postgres: PostgresServer,
  size: Size,
  closes: (() => Promise<unknown>)[],
): Promise<Contender[]> {
  // Behind the import that lets Node run the services' sources.
  const { openOurs } = await import('./our-check.ts');
  const { openPeer } = await import('./peer-check.ts');
  const accounts = makeAccounts(size);
  const url = await postgres.createServiceDatabase('auth');
  const ours = await openOurs(url);
  closes.push(() => ours.close());
  await storeOurs(url, accounts);
  const peer = await openPeer(await postgres.createServiceDatabase('peer'), accounts);
  closes.push(() => peer.close());
  // The gateway remembers a key for 30 seconds and asks for it again after 20: each turn begins with fresh ones.
  const remember = async () => {
    ours.forget();
    for (let n = 0; n < accounts.keys.length; n += AT_ONCE)
      await Promise.all(accounts.keys.slice(n, n + AT_ONCE).map((key) => ours.warm(key)));
  };
  const contender = (
    kind: Kind,
    checks: number,
    check: (key: string) => void | Promise<void>,
    prepare: () => Promise<void> = async () => undefined,
  ): Contender => ({
    ...{ kind, keys: size.keys, partners: size.partners, checks, us: [], writes: [], prepare },
    check: (n) => check(pick(accounts.keys, n)),
  });
  return [
    contender('warm', WARM_CHECKS, (key) => ours.warm(key), remember),
    contender('cold', COLD_CHECKS, (key) => ours.cold(key)),
    contender('peer', COLD_CHECKS, (key) => peer.check(key)),
  ];
}

/** Microseconds a check. */
async function run({ check }: Contender, checks: number): Promise<number> {
  const since = process.hrtime.bigint();
  for (let n = 0; n < checks; n++) {
    const pending = check(n);
    if (pending) await pending;
  }
  return Number(process.hrtime.bigint() - since) / checks / 1000;
}

function report(contenders: readonly Contender[]) {
  const figures = contenders.map(({ kind, partners, keys, us, writes }) => ({
    ...{ name: NAMES[kind], kind, partners, keys },
    ...{ us_a_check: median(us), writes_a_check: median(writes) },
  }));
  const of = (kind: Kind, at: 'few' | 'many') => {
    const rows = figures.filter((row) => row.kind === kind);
    return (at === 'few' ? rows.at(0) : rows.at(-1)) as (typeof figures)[number];
  };
  const ratios = {
    warm_many_over_few: of('warm', 'many').us_a_check / of('warm', 'few').us_a_check,
    cold_many_over_few: of('cold', 'many').us_a_check / of('cold', 'few').us_a_check,
    peer_over_warm: of('peer', 'many').us_a_check / of('warm', 'many').us_a_check,
    peer_over_cold: of('peer', 'many').us_a_check / of('cold', 'many').us_a_check,
  };
  const text = table(
    ['check of a key', 'partners', 'keys', 'µs a check', 'writes a check'],
    figures.map((row) => [
      row.name,
      row.partners.toLocaleString('en-GB'),
      row.keys.toLocaleString('en-GB'),
      figure(row.us_a_check),
      figure(row.writes_a_check),
    ]),
  );
  const verdict = [
    `A remembered key costs ${figure(of('warm', 'many').us_a_check)} µs (goal: below 50) and ${figure(of('warm', 'many').writes_a_check)} writes (goal: 0);`,
    `with many accounts ${figure(ratios.warm_many_over_few)} x the time of few, verified by auth ${figure(ratios.cold_many_over_few)} x.`,
    `better-auth takes ${figure(ratios.peer_over_cold)} x the time of our verification by auth, ${figure(ratios.peer_over_warm)} x that of a remembered key.`,
  ].join('\n');
  return { suite: 'auth', figures, ratios, text: `${text}\n\n${verdict}` };
}
