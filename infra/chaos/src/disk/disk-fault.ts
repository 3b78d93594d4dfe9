import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '@gridworks/contracts';
import pg from 'pg';
import type { PortalClient } from '../system/portal-client.ts';
import type { PreparedFault } from '../system/prepared-fault.ts';
import type { RunningSystem } from '../system/running-system.ts';
import {
  endedProcess,
  fillToTheLastByte,
  growForeign,
  leaveDrafts,
  readDisk,
  writeLogs,
} from './fill-disk.ts';

export type DiskExperiment = 'disk-filling' | 'disk-full';

/** Shares of the disk: up to where it is filled, and how much of that may be deleted or compressed. The rest is of somebody else. */
const SHARES: Record<DiskExperiment, { to: number; drafts: number; logs: number }> = {
  // Neither the drafts alone nor the logs alone are enough.
  'disk-filling': { to: 0.92, drafts: 0.07, logs: 0.18 },
  // All of it together is not enough.
  'disk-full': { to: 0.96, drafts: 0.03, logs: 0.04 },
};
/** Of somebody else, together with what is used already: below every limit. */
const PREPARED = 0.66;
/** Above this a larger disk than a test's would be filled. */
const LARGEST_BYTES = 4 * 1024 ** 3;
/** For so long not a byte is free, ms. */
const FULL_FOR_MS = 10_000;
const HANDED_WITHIN_MS = 100_000;
/** Below this share the disk must be in the end: monitor's limit of the way back. */
const EASED = 0.8;

/** What is done to the disk of the portal, and what it says to that. */
interface Story {
  /** Codes of refused calls and of PostgreSQL while the disk was full. */
  readonly refusals: Set<string>;
  /** What should not have happened. */
  readonly problems: string[];
  incident: Incident | null;
  isOver: boolean;
}

/**
 * Fills the disk of a portal with its own logs, drafts of a process that has ended, and a file of somebody else. `disk-full` goes on when a human was
 * mailed: not a byte is free for ten seconds, then the file is deleted, as that human would. `key`: of an API, for metered calls.
 */
export async function prepareDiskFault(
  system: RunningSystem,
  name: DiskExperiment,
  { client, admin, key }: { client: PortalClient; admin: string; key: string },
): Promise<PreparedFault> {
  const { local, logs, run } = system.layout;
  const foreign = join(local, 'export-of-somebody.csv');
  const filler = join(local, 'export-of-somebody.part2');
  const story: Story = { refusals: new Set(), problems: [], incident: null, isOver: false };
  const { total, used: usedBefore } = readDisk(local);
  if (total > LARGEST_BYTES) throw new Error(`${local} is on a disk of more than 4 GB, which is not filled`);
  const shares = SHARES[name];
  const pid = await endedProcess();
  // Most of it is there before: what is measured begins when the disk becomes too full.
  let foreignBytes = Math.round((PREPARED - usedBefore) * total);
  await growForeign(foreign, foreignBytes);
  const read = async () => {
    const path = '/v1/admin/incidents?limit=20';
    const { data } = await client.get<{ data: Incident[] }>(path, { token: admin });
    story.incident = data.find(({ cause }) => cause.signal === 'disk.filling') ?? null;
    return story.incident;
  };
  const goOn = async () => {
    await untilHandedOver(read);
    await beFull(system, story, filler, { client, key });
    if (statSync(foreign, { throwIfNoEntry: false })?.size !== foreignBytes)
      story.problems.push('the file of somebody else was changed');
    for (const path of [filler, foreign]) rmSync(path, { force: true });
  };
  return {
    inject: async () => {
      const { used } = readDisk(local);
      const rest = Math.max(0, Math.round((shares.to - used - shares.drafts - shares.logs) * total));
      await growForeign(foreign, rest);
      foreignBytes += rest;
      await leaveDrafts(run, pid, shares.drafts * total);
      await writeLogs(
        system.processes().map((process) => join(logs, `${process.name}.log`)),
        shares.logs * total,
      );
      if (name === 'disk-filling') story.isOver = true;
      else
        void goOn()
          .catch((error: Error) => story.problems.push(error.message))
          .finally(() => {
            story.isOver = true;
          });
      const percent = (share: number) => `${Math.round(share * 100)} %`;
      return `the disk is used to ${percent(readDisk(local).used)}: ${percent(shares.drafts)} drafts of an ended process, ${percent(shares.logs)} logs, ${percent(foreignBytes / total)} a file of somebody else`;
    },
    isOver: () => story.isOver,
    problems: () => [
      ...story.problems,
      ...(name === 'disk-filling' && statSync(foreign, { throwIfNoEntry: false })?.size !== foreignBytes
        ? ['the file of somebody else was changed']
        : []),
      ...(readDisk(local).used < EASED
        ? []
        : [`${Math.round(readDisk(local).used * 100)} % of the disk is still used`]),
      ...wrongActs(story.incident),
    ],
    notes: () => [
      `the disk is used to ${Math.round(readDisk(local).used * 100)} % in the end`,
      ...(story.refusals.size > 0
        ? [`refused while it was full: ${[...story.refusals].sort().join(', ')}`]
        : []),
    ],
    close: async () => {
      for (const path of [filler, foreign]) if (existsSync(path)) rmSync(path, { force: true });
    },
  };
}

/** Only room may be made; nothing is restarted for want of it. */
const wrongActs = (incident: Incident | null): string[] =>
  (incident?.actions ?? [])
    .filter(({ remedy }) => !remedy.startsWith('disk.') && remedy !== 'page-human')
    .map(({ remedy, target }) => `wrong act: ${remedy} ${target.process}`);

async function untilHandedOver(read: () => Promise<Incident | null>): Promise<void> {
  for (const until = Date.now() + HANDED_WITHIN_MS; Date.now() < until; await sleep(300)) {
    const incident = await read().catch(() => null);
    if (incident?.status === 'escalated' && incident.mailed_at !== null) return;
  }
  throw new Error(`no human was mailed within ${HANDED_WITHIN_MS / 1000} s`);
}

/** Not a byte is free, however much the reserve gives; what PostgreSQL and the gateway say to that goes into the story. */
async function beFull(
  system: RunningSystem,
  { refusals, problems }: Story,
  filler: string,
  { client, key }: { client: PortalClient; key: string },
): Promise<void> {
  const database = new pg.Client({ connectionString: system.databaseUrl, connectionTimeoutMillis: 3000 });
  database.on('error', () => undefined);
  await database.connect();
  try {
    // A new segment of the write-ahead log has room for what comes: without any PostgreSQL would end.
    await database.query('select pg_switch_wal()');
    await database.query('checkpoint');
    let isMetered = true;
    for (const until = Date.now() + FULL_FOR_MS; Date.now() < until; await sleep(100)) {
      fillToTheLastByte(filler);
      const { body, status } = await client
        .call('/v1/me', { token: key })
        .catch(() => ({ status: 0, body: null }));
      if (status === 503) {
        isMetered = false;
        refusals.add(`GET /v1/me 503 ${(body as { code?: string }).code}`);
      }
      const large =
        'create table public.too_large as select repeat(md5(n::text), 200) from generate_series(1, 2000) n';
      // While the supervisor gives up its reserve there is room for a moment.
      await database.query('drop table if exists public.too_large').catch(() => undefined);
      await database
        .query(large)
        .catch((error: { code?: string }) => refusals.add(`PostgreSQL ${error.code}`));
    }
    if (isMetered) problems.push('calls were metered on a full disk');
    if (![...refusals].some((refusal) => refusal === 'PostgreSQL 53100'))
      problems.push('PostgreSQL did not say 53100');
  } finally {
    await database.query('drop table if exists public.too_large').catch(() => undefined);
    await database.end().catch(() => undefined);
  }
}
