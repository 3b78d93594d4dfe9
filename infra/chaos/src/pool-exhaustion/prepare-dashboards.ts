import { setTimeout as sleep } from 'node:timers/promises';
import { registerProbePartner } from '../requests/probe-partner.ts';
import { freshAddress, PortalClient } from '../system/portal-client.ts';
import type { RunningSystem } from '../system/running-system.ts';
import { DashboardLoad, type DashboardUser, type LoadFigures, PANELS } from './dashboard-load.ts';
import { SlowTable } from './slow-table.ts';

const USERS = 10;
const POOL_SIZE = 20;
const POLL_MS = 50;
const SHOW_ALL_MS = 2500;
const SLOW_MS = 6000;
/** Enough for five first calls a second until the table is as before. */
const KEYS_EACH = 4;
/** The table that the dashboards read. */
const TABLE = 'auth.api_keys';

export interface DashboardRun {
  /** Makes the table slow and opens all dashboards; resolves with a description once that has begun. */
  begin(): Promise<string>;
  /** Resolves when the table is as before and every dashboard shows its data, or a second later was given up. */
  over(): Promise<void>;
  /** From the end of the slowness until the pool was used normally again. Milliseconds, null while it is not. */
  readonly recoveryMs: number | null;
  readonly critical: LoadFigures;
  readonly dashboards: LoadFigures;
  /** Ends what still runs, and gives the pool its size back. */
  close(): Promise<void>;
}

interface Pool {
  readonly instance: string;
  readonly in_use: number;
  readonly level: string;
  readonly max: number;
}

/**
 * Prepares the experiment: ten users with a dashboard of 16 queries each, for one instance of auth with a pool of 20
 * connections. `prevention` false: its pool serves everything in the order in which it comes.
 */
export async function prepareDashboards(
  system: RunningSystem,
  client: PortalClient,
  admin: string,
  instance: string,
  prevention: boolean,
): Promise<DashboardRun> {
  const pools = await client.get<{ data: Pool[] }>('/v1/admin/pools', { token: admin });
  const before = pools.data.find((pool) => pool.instance === instance);
  if (!before) throw new Error(`${instance} does not report its pool of connections`);
  const network = new PortalClient(system.url, 512, freshAddress());
  // One after another: the preparation itself must not make connections short.
  const users: DashboardUser[] = [];
  while (users.length < USERS) users.push(await registerProbePartner(system, network, KEYS_EACH));
  const set = (mode: 'auto' | 'off', size: number) =>
    client.get(`/v1/admin/instances/${instance}/pool`, {
      method: 'PUT',
      token: admin,
      body: { mode, size, reason: 'chaos: pool-exhaustion' },
    });
  const slow = new SlowTable(system.databaseUrl, TABLE);
  await set(prevention ? 'auto' : 'off', POOL_SIZE);
  const load = new DashboardLoad(network, users);
  let recoveryMs: number | null = null;
  const poolIsNormal = async () => {
    const { data } = await client.get<{ data: Pool[] }>('/v1/admin/pools', { token: admin });
    return data.some(
      (pool) => pool.instance === instance && pool.in_use < 0.85 * POOL_SIZE && pool.level === 'normal',
    );
  };
  return {
    begin: async () => {
      await slow.slowFor(SLOW_MS);
      load.start();
      return `${USERS * PANELS} dashboard queries at once, by ${USERS} users, renewed a second later, while each takes up to 0.4 s; ${instance} has ${POOL_SIZE} connections`;
    },
    over: async () => {
      await slow.over();
      load.closeDashboards();
      const slowUntil = performance.now();
      while (!(await poolIsNormal().catch(() => false))) await sleep(POLL_MS);
      recoveryMs = Math.round(performance.now() - slowUntil);
      // Those who were refused come back within a second.
      await sleep(SHOW_ALL_MS);
      await load.stop();
    },
    get recoveryMs() {
      return recoveryMs;
    },
    get critical() {
      return load.critical;
    },
    get dashboards() {
      return load.dashboards;
    },
    close: async () => {
      await slow.close();
      await load.stop();
      await set('auto', before.max).catch(() => undefined);
      network.close();
    },
  };
}
