import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { RunningSystem } from '../../../infra/chaos/src/system/running-system.ts';
import { DATABASE_NAME } from '../../../infra/local/src/settings/addresses.ts';
import { readEnvironment } from '../../../infra/local/src/settings/read-environment.ts';
import { readLock } from '../../../infra/local/src/supervise/lock.ts';
import type { BenchOptions } from '../bench-options.ts';
import { startPortal } from '../request-path/start-portal.ts';
import { figure, median, table } from '../table.ts';
import { type ProcessUse, readUse } from './process-use.ts';

interface IdleFigure {
  readonly process: string;
  /** Of one core. */
  readonly cpu_percent: number;
  readonly wakeups_per_second: number;
  readonly pss_mb: number;
}

/** After a start caches fill, compilers work, and memory of the start is given back. */
const SETTLE_MS = 60_000;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * What the portal uses while nobody uses it: `rounds` times `seconds`, and the medians of the rounds. Measures the portal that
 * runs in `LOCAL_DIR` when that is set, so that two builds can be compared side by side, and else one of its own. Counts processor time, which other
 * work on the machine does not lengthen as it lengthens the clock's.
 */
export async function runIdle(options: BenchOptions) {
  const portal = process.env.LOCAL_DIR ? null : await startPortal();
  try {
    const system = portal?.system ?? new RunningSystem(readEnvironment(ROOT, process.env));
    system.assertUp();
    if (portal) await sleep(SETTLE_MS);
    const rounds: Map<string, IdleFigure>[] = [];
    const transactions: number[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const before = await readAll(system);
      await sleep(options.seconds * 1000);
      const after = await readAll(system);
      const seconds = (after.at - before.at) / 1000;
      transactions.push((after.transactions - before.transactions) / seconds);
      rounds.push(compare(before.uses, after.uses, seconds));
      options.say(`round ${round + 1} of ${options.rounds}`);
    }
    const names = [...(rounds[0]?.keys() ?? [])];
    const figures = names.map((name): IdleFigure => {
      const of = (what: keyof Omit<IdleFigure, 'process'>) =>
        median(rounds.map((round) => round.get(name)?.[what] ?? Number.NaN));
      return {
        process: name,
        cpu_percent: of('cpu_percent'),
        wakeups_per_second: of('wakeups_per_second'),
        pss_mb: of('pss_mb'),
      };
    });
    const rows = figures.map((row) => [
      row.process,
      row.cpu_percent.toFixed(2),
      row.wakeups_per_second.toFixed(0),
      row.pss_mb.toFixed(1),
    ]);
    const text = [
      table(['process', 'CPU, % of a core', 'wake-ups a second', 'PSS, MB'], rows),
      '',
      `PostgreSQL ends ${figure(median(transactions))} transactions a second.`,
    ].join('\n');
    return { suite: 'idle', figures, transactions_per_second: median(transactions), text };
  } finally {
    await portal?.stop();
  }
}

interface Reading {
  readonly at: number;
  readonly uses: ReadonlyMap<string, ProcessUse>;
  readonly transactions: number;
}

async function readAll(system: RunningSystem): Promise<Reading> {
  const children = system.processes().flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
  const transactions = await transactionsOf(system);
  const at = performance.now();
  const uses = new Map(children.map(({ name, pid }) => [name, readUse(pid, { descendants: true })]));
  // The processes that the supervisor started are its descendants.
  const supervisor = readLock(system.layout.lock)?.pid;
  if (supervisor !== undefined) uses.set('supervisor', readUse(supervisor, { descendants: false }));
  return { at, uses, transactions };
}

function compare(before: Reading['uses'], after: Reading['uses'], seconds: number): Map<string, IdleFigure> {
  const rows = [...after].flatMap(([name, now]): IdleFigure[] => {
    const then = before.get(name);
    if (!then) return [];
    return [
      {
        process: name,
        cpu_percent: ((now.cpuSeconds - then.cpuSeconds) / seconds) * 100,
        wakeups_per_second: wakeups(then, now) / seconds,
        pss_mb: now.pssBytes / 1e6,
      },
    ];
  });
  const sum = (what: keyof Omit<IdleFigure, 'process'>) => rows.reduce((total, row) => total + row[what], 0);
  const all: IdleFigure = {
    process: 'all',
    cpu_percent: sum('cpu_percent'),
    wakeups_per_second: sum('wakeups_per_second'),
    pss_mb: sum('pss_mb'),
  };
  return new Map([...rows, all].map((row) => [row.process, row]));
}

/** Of the processes that lived all the time: PostgreSQL starts and ends some. */
function wakeups(then: ProcessUse, now: ProcessUse): number {
  return [...now.waits].reduce((sum, [pid, waits]) => sum + waits - (then.waits.get(pid) ?? waits), 0);
}

/** Transactions that ended in the portal's database since the start of its statistics. */
async function transactionsOf(system: RunningSystem): Promise<number> {
  const client = new pg.Client({ connectionString: system.databaseUrl.replace(/[^/]*$/, DATABASE_NAME) });
  await client.connect();
  try {
    const { rows } = await client.query<{ ended: string }>(
      'select xact_commit + xact_rollback as ended from pg_stat_database where datname = current_database()',
    );
    return Number(rows[0]?.ended);
  } finally {
    await client.end();
  }
}
