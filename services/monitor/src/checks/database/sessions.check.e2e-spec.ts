import { createLogger, renderMetrics } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { showDatabaseFigures } from './database-metrics.ts';
import { SessionsCheck } from './sessions.check.ts';

describe('SessionsCheck', () => {
  let postgres: PostgresServer;
  let database: Database;
  let check: SessionsCheck;
  let supportUrl: string;
  const open: pg.Client[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await postgres.createServiceDatabase('monitor', { database: 'portal' });
    supportUrl = await postgres.createServiceDatabase('support', { database: 'portal' });
    await postgres.query('grant pg_monitor to monitor');
    const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
    database = new Database({ url, schema: 'monitor', applicationName: 'monitor', migrations: [], logger });
    check = new SessionsCheck(database);
    const client = await connect('setup');
    await client.query('create table tickets (id int); insert into tickets values (1)');
  }, 60_000);
  afterEach(async () => {
    for (const client of open.splice(0)) await client.end().catch(() => undefined);
  });
  afterAll(async () => {
    check?.onApplicationShutdown();
    await database?.close();
    await postgres?.stop();
  });

  async function connect(name: string): Promise<pg.Client & { pid: number }> {
    const client = new pg.Client({ connectionString: supportUrl, application_name: name });
    client.on('error', () => undefined);
    open.push(client);
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return Object.assign(client, { pid: rows[0].pid as number });
  }

  it('sees who waits for whom, by pid and start, and nothing of a statement but its first word', async () => {
    const blocker = await connect('a person');
    await blocker.query('begin; lock table tickets in access exclusive mode');
    const waiters = [await connect('first'), await connect('second')];
    for (const each of waiters)
      each.query("update tickets set id = 2 where 'secret-4711' <> ''").catch(() => undefined);
    const reading = await eventually(async () => {
      const found = await check.read();
      expect(found.filter(({ blocked_by }) => blocked_by.length > 0)).toHaveLength(2);
      return found;
    });
    const [shown] = await postgres.query<{ started: Date }>(
      'select backend_start as started from pg_stat_activity where pid = $1',
      [blocker.pid],
    );
    const root = reading.find(({ pid }) => pid === blocker.pid);
    expect(root).toMatchObject({
      role: 'support',
      application_name: 'a person',
      backend_type: 'client backend',
      is_ours: true,
      migrates: false,
      state: 'idle in transaction',
      blocked_by: [],
    });
    expect(root?.backend_start).toMatch(/\.\d{6}Z$/);
    expect(Date.parse(root?.backend_start ?? '')).toBe(shown?.started.getTime());
    const waiting = reading.filter(({ pid }) => waiters.some((each) => each.pid === pid));
    expect(waiting).toMatchObject([{ command: 'UPDATE' }, { command: 'UPDATE' }]);
    expect(waiting.flatMap(({ blocked_by }) => blocked_by)).toContain(blocker.pid);
    expect(JSON.stringify(reading)).not.toContain('4711');
  });

  it('counts deadlocks, and shows them as a metric', async () => {
    const [one, other] = [await connect('one'), await connect('other')];
    await one.query('create table pair (id int primary key, n int); insert into pair values (1, 0), (2, 0)');
    const before = await check.figures();
    const touch = (client: pg.Client, id: number) =>
      client.query('update pair set n = n + 1 where id = $1', [id]);
    await Promise.all([one.query('begin'), other.query('begin')]);
    await Promise.all([touch(one, 1), touch(other, 2)]);
    const ends = await Promise.allSettled([touch(one, 2), touch(other, 1)]);
    expect(ends.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: '40P01' } }]);
    await Promise.all([one.end(), other.end()]);
    await eventually(async () => {
      const figures = await check.figures();
      expect(figures.deadlocks).toBe(before.deadlocks + 1);
      showDatabaseFigures(figures);
    });
    expect(renderMetrics()).toContain(`monitor_database_deadlocks_total ${before.deadlocks + 1}\n`);
    expect(renderMetrics()).toContain('monitor_database_sessions_limit 100\n');
  });

  it('leaves out sessions that do nothing, its own too, and costs little', async () => {
    for (let index = 0; index < 20; index++) await connect(`idle ${index}`);
    expect(await check.read()).toEqual([]);
    const client = await connect('measure');
    const before = performance.now();
    for (let index = 0; index < 20; index++) await check.read();
    expect(client.pid).toBeGreaterThan(0);
    expect((performance.now() - before) / 20).toBeLessThan(100);
  });

  it('reads again after its connection was ended', async () => {
    await check.read();
    await postgres.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'monitor:sessions:probe'",
    );
    expect(await check.read()).toEqual([]);
  });
});
