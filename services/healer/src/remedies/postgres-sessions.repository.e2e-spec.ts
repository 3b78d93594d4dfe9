import type { NamedSession } from '@gridworks/contracts';
import { MIGRATION_LOCK } from '@gridworks/persistence';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { SessionEnder } from './end-session.remedy.ts';
import { PostgresSessions, SERVICE_ROLES } from './postgres-sessions.repository.ts';

const PILE = 'database.lock-pile-up';
const SLOW = 'database.slow-statement';

describe('PostgresSessions', () => {
  let postgres: PostgresServer;
  let sessions: SessionEnder;
  let adminUrl: string;
  const open: pg.Client[] = [];

  beforeAll(async () => {
    // Autovacuum that rests after each page: a worker is there for as long as a test needs it.
    postgres = await startPostgres({
      settings: {
        autovacuum: 'on',
        autovacuum_naptime: '1s',
        autovacuum_vacuum_cost_delay: '100ms',
        autovacuum_vacuum_cost_limit: '1',
      },
    });
    const url = await postgres.createServiceDatabase('healer', { database: 'portal' });
    for (const name of ['support', 'reporting'])
      await postgres.createServiceDatabase(name, { database: 'portal' });
    await postgres.query('grant pg_read_all_stats, pg_signal_backend to healer');
    adminUrl = postgres.adminUrl.replace(/postgres$/, 'portal');
    await postgres.query(
      `create table support.tickets (id int); insert into support.tickets values (1);
       alter table support.tickets owner to support; grant usage on schema support to reporting;
       grant all on support.tickets to reporting`,
      [],
      adminUrl,
    );
    sessions = new PostgresSessions({ url, applicationName: 'healer:remedies', slowStatementMs: 300 });
  }, 60_000);
  afterEach(async () => {
    await postgres.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    for (const client of open.splice(0)) await client.end().catch(() => undefined);
  });
  afterAll(() => postgres?.stop());

  const urlOf = (role: string) =>
    role === 'postgres' ? adminUrl : `postgres://${role}:${role}@127.0.0.1:${postgres.port}/portal`;

  async function connect(
    role: string,
    more: pg.ClientConfig = {},
  ): Promise<pg.Client & { named: NamedSession }> {
    const client = new pg.Client({ connectionString: urlOf(role), application_name: 'a person', ...more });
    client.on('error', () => undefined);
    open.push(client);
    await client.connect();
    const { rows } = await client.query(
      `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start
       from pg_stat_activity where pid = pg_backend_pid()`,
    );
    const unknown = { role: null, application_name: '', state: null, command: null, query_id: null };
    return Object.assign(client, {
      named: { ...unknown, ...rows[0], age_ms: 0, blocked: 0 } as NamedSession,
    });
  }

  /** Holds the table, in a statement that runs, or idle. */
  async function block(client: pg.Client, how: 'running' | 'idle' = 'running'): Promise<void> {
    await client.query('begin; lock table support.tickets in access exclusive mode');
    if (how === 'running') client.query('select pg_sleep(600)').catch(() => undefined);
  }

  /** A session of support that waits for the table; `done` is how its statement ends. */
  async function wait(): Promise<{ pid: number; done: Promise<unknown> }> {
    const client = await connect('support');
    const done = client.query('update support.tickets set id = id').then(
      () => 'freed',
      (error: Error) => error.message,
    );
    await eventually(async () => {
      const [row] = await postgres.query('select wait_event_type from pg_stat_activity where pid = $1', [
        client.named.pid,
      ]);
      expect(row).toEqual({ wait_event_type: 'Lock' });
    });
    return { pid: client.named.pid, done };
  }

  /** Runs a statement without end, and resolves when it counts as slow. */
  async function sleepLong(client: pg.Client & { named: NamedSession }): Promise<void> {
    client.query('select pg_sleep(600)').catch(() => undefined);
    await eventually(async () => {
      const [row] = await postgres.query(
        `select 1 from pg_stat_activity where pid = $1 and state = 'active' and now() - query_start > interval '300 ms'`,
        [client.named.pid],
      );
      expect(row).toBeDefined();
    });
  }

  const isThere = async ({ pid }: NamedSession) =>
    (await postgres.query('select state from pg_stat_activity where pid = $1', [pid])).length === 1;

  it('knows the roles of the services that have a schema', () => {
    expect([...SERVICE_ROLES].sort()).toEqual(['auth', 'billing', 'healer', 'monitor', 'support']);
  });

  it('cancels the statement of the one that keeps others waiting, and frees them', async () => {
    const blocker = await connect('support');
    await block(blocker);
    const waiting = [await wait(), await wait()];
    expect(await sessions.end('cancel', PILE, [blocker.named])).toMatchObject([
      { verdict: 'end', role: 'support', application_name: 'a person', blocked: 2 },
    ]);
    expect(await Promise.all(waiting.map(({ done }) => done))).toEqual(['freed', 'freed']);
    expect(await isThere(blocker.named)).toBe(true);
  });

  it('ends the session of one that is idle in a transaction, which has no statement to cancel', async () => {
    const blocker = await connect('support');
    await block(blocker, 'idle');
    const waiting = await wait();
    expect(await sessions.end('cancel', PILE, [blocker.named])).toMatchObject([{ verdict: 'idle' }]);
    expect(await sessions.end('terminate', PILE, [blocker.named])).toMatchObject([
      { verdict: 'end', blocked: 1 },
    ]);
    expect(await waiting.done).toBe('freed');
    await eventually(async () => expect(await isThere(blocker.named)).toBe(false));
  });

  it('cancels a statement without end', async () => {
    const slow = await connect('support');
    await sleepLong(slow);
    expect(await sessions.end('cancel', SLOW, [slow.named])).toMatchObject([{ verdict: 'end', blocked: 0 }]);
    await eventually(async () => {
      expect(
        await postgres.query('select state from pg_stat_activity where pid = $1', [slow.named.pid]),
      ).toEqual([{ state: 'idle' }]);
    });
    // It does nothing any more, so it is not ended either.
    expect(await sessions.end('terminate', SLOW, [slow.named])).toMatchObject([{ verdict: 'over' }]);
    expect(await isThere(slow.named)).toBe(true);
  });

  it('leaves those alone who wait themselves, and those whom nobody waits for', async () => {
    const [root, middle] = [await connect('support'), await connect('support')];
    await block(root);
    middle.query('update support.tickets set id = 3').catch(() => undefined);
    await eventually(async () => {
      const [row] = await postgres.query<{ by: number[] }>('select pg_blocking_pids($1) as by', [
        middle.named.pid,
      ]);
      expect(row?.by).toEqual([root.named.pid]);
    });
    await wait();
    const idle = await connect('support');
    const judged = await sessions.end('terminate', PILE, [middle.named, idle.named]);
    expect(Object.fromEntries(judged.map(({ pid, verdict }) => [pid, verdict]))).toEqual({
      [middle.named.pid]: expect.stringMatching(/waits|over/),
      [idle.named.pid]: 'over',
    });
    for (const each of [root, middle, idle]) expect(await isThere(each.named)).toBe(true);
  });

  it.each<[string, string, () => Promise<pg.Client & { named: NamedSession }>]>([
    ['a superuser', 'superuser', () => connect('postgres')],
    ['another role', 'other-role', () => connect('reporting')],
    ['a backup', 'backup', () => connect('support', { application_name: 'pg_dump' })],
    [
      'a migration by its name',
      'migration',
      () => connect('support', { application_name: 'support:migrations' }),
    ],
    [
      'a migration by its lock',
      'migration',
      async () => {
        const client = await connect('support');
        await client.query("select pg_advisory_lock($1, hashtext('support'))", [MIGRATION_LOCK]);
        return client;
      },
    ],
  ])('never ends %s', async (_, verdict, make) => {
    const client = await make();
    await block(client);
    await wait();
    for (const verb of ['cancel', 'terminate'] as const)
      expect(await sessions.end(verb, PILE, [client.named])).toMatchObject([{ verdict }]);
    expect(
      await postgres.query('select state from pg_stat_activity where pid = $1', [client.named.pid]),
    ).toEqual([{ state: 'active' }]);
  });

  it('never ends a session of another database, a replication or a process of the server', async () => {
    const elsewhere = await connect('postgres', { connectionString: postgres.adminUrl });
    await postgres.query('grant connect on database postgres to support');
    const other = await connect('support', {
      connectionString: `postgres://support:support@127.0.0.1:${postgres.port}/postgres`,
    });
    await sleepLong(other);
    const [worker] = await postgres.query<{ pid: number; at: string }>(
      `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
       from pg_stat_activity where backend_type = 'checkpointer'`,
    );
    const checkpointer = { ...other.named, pid: worker!.pid, backend_start: worker!.at };
    expect(await sessions.end('terminate', SLOW, [other.named, elsewhere.named, checkpointer])).toMatchObject(
      [{ verdict: 'other-database' }, { verdict: 'superuser' }, { verdict: 'server-process' }],
    );
    expect(await isThere(other.named)).toBe(true);
  });

  it('never ends autovacuum', async () => {
    await postgres.query(
      `create table support.churn as select n from generate_series(1, 200000) n; delete from support.churn;
       alter table support.churn owner to support`,
      [],
      adminUrl,
    );
    const worker = await eventually(
      async () => {
        const [row] = await postgres.query<{ pid: number; backend_start: string }>(
          `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start
           from pg_stat_activity where backend_type = 'autovacuum worker' and datname = 'portal'`,
        );
        expect(row).toBeDefined();
        return row!;
      },
      { timeoutMs: 60_000 },
    );
    const named = { ...(await connect('support')).named, ...worker };
    for (const signal of [PILE, SLOW] as const)
      expect(await sessions.end('terminate', signal, [named])).toMatchObject([{ verdict: 'server-process' }]);
    expect(await isThere(named)).toBe(true);
  }, 90_000);

  it('never ends another session under the same pid', async () => {
    const blocker = await connect('support');
    await block(blocker);
    await wait();
    const earlier = {
      ...blocker.named,
      backend_start: blocker.named.backend_start.replace(/\d{3}Z$/, '000Z'),
    };
    const others = [earlier, { ...earlier, backend_start: '2026-11-01T00:00:00.000001Z' }];
    for (const other of others)
      if (other.backend_start !== blocker.named.backend_start)
        expect(await sessions.end('terminate', PILE, [other])).toMatchObject([{ verdict: 'gone' }]);
    expect(await isThere(blocker.named)).toBe(true);
  });

  it('holds no connection when it is not needed', async () => {
    await sessions.end('cancel', PILE, [(await connect('support')).named]);
    await eventually(async () => {
      const sql = "select application_name from pg_stat_activity where usename = 'healer'";
      expect(await postgres.query(sql)).toEqual([]);
    });
  });
});
