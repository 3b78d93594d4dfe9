import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@gridworks/contracts';
import { runInContext } from '@gridworks/observability';
import {
  allowedMs,
  eventually,
  type PostgresServer,
  startPostgres,
  type TcpProxy,
  tcpProxy,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countRows, openDatabase, outcome, startDatabase } from '../../test/open-database.ts';
import type { Database } from './database.ts';

const unavailable = { code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 };

describe('Database, while the server fails', () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  let direct: string;
  let url: string;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await tcpProxy({ target: server.port });
    direct = await server.createServiceDatabase('support');
    url = proxy.through(direct);
    await (await openDatabase({ url: direct })).close();
    await server.query('create table notes (id int primary key)', [], direct);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(async () => {
    await server.query('truncate notes', [], direct);
    database = await openDatabase({ url, poolSize: 2 });
  });
  afterEach(async () => {
    proxy.heal();
    await database.close();
  });
  const insert = (id: number) =>
    database.transaction((tx) => tx.manager.query('insert into notes values ($1)', [id]));
  const rows = () => countRows(server, direct, 'notes');
  const ping = () => database.read((manager) => manager.query('select 1'));

  it('gives up on a full pool after 1.5 s, while health still responds in under 100 ms', async () => {
    const holders = [1, 2].map(() => database.read((manager) => manager.query('select pg_sleep(2.5)')));
    await sleep(50);
    const waiting = outcome(insert(1));
    for (let i = 0; i < 5; i++) {
      const check = await outcome(database.check());
      expect(check.error).toBeUndefined();
      expect(check.ms).toBeLessThan(allowedMs(100));
      await sleep(50);
    }
    const { error, ms } = await waiting;
    expect(error).toMatchObject(unavailable);
    expect(ms).toBeGreaterThan(1400);
    expect(ms).toBeLessThan(allowedMs(2000));
    await Promise.all(holders);
    await insert(1);
    expect(database.connectionsLost()).toBe(0);
  });

  it('cancels a statement after 3 s, and continues with the same connection', async () => {
    const { error, ms } = await outcome(database.read((manager) => manager.query('select pg_sleep(20)')));
    expect(error).toMatchObject(unavailable);
    expect(ms).toBeGreaterThan(2900);
    expect(ms).toBeLessThan(allowedMs(3450));
    await ping();
    expect(database.connectionsLost()).toBe(0);
  });

  it('responds 503 while the server is killed, keeps every confirmed commit, and recovers', async () => {
    const boot = await database.check().then(() => database.boot());
    const confirmed: number[] = [];
    const unknown: number[] = [];
    const failures: unknown[] = [];
    let next = 1;
    let going = true;
    const client = async () => {
      while (going) {
        const id = next++;
        await insert(id).then(
          () => confirmed.push(id),
          (error: unknown) => {
            failures.push(error);
            if ((error as AppError).code === 'PLATFORM.DEADLINE_EXCEEDED') unknown.push(id);
          },
        );
        await sleep(2);
      }
    };
    const clients = Promise.all([client(), client(), client()]);
    await eventually(() => confirmed.length > 20);
    await server.kill9();
    await eventually(() => failures.length > 20);
    const before = confirmed.length;
    await server.restart();
    const restarted = performance.now();
    await eventually(() => confirmed.length > before);
    expect(performance.now() - restarted).toBeLessThan(allowedMs(1000));
    going = false;
    await clients;

    expect(failures.filter((error) => !(error instanceof AppError)).map((e) => (e as Error).stack)).toEqual(
      [],
    );
    expect(failures.length - unknown.length).toBeGreaterThan(10);
    const kept = await server.query<{ id: number }>('select id from notes order by id', [], direct);
    const keptIds = new Set(kept.map(({ id }) => id));
    expect(confirmed.filter((id) => !keptIds.has(id))).toEqual([]);
    expect([...keptIds].filter((id) => !confirmed.includes(id) && !unknown.includes(id))).toEqual([]);
    expect(database.connectionsLost()).toBeGreaterThan(0);
    await database.check();
    expect(database.boot()).not.toBe(boot);
  });

  it('does not hang on a frozen server, and refuses at once when it is known to be frozen', async () => {
    await insert(1);
    server.freeze();
    try {
      const first = await outcome(insert(2));
      expect(first.error).toMatchObject(unavailable);
      expect(first.ms).toBeLessThan(allowedMs(4000));
      const check = await outcome(database.check());
      expect(check.error).toBeDefined();
      expect(check.ms).toBeLessThan(allowedMs(1000));
      await eventually(async () => expect((await outcome(insert(3))).ms).toBeLessThan(allowedMs(50)));
    } finally {
      server.thaw();
    }
    const thawed = performance.now();
    await eventually(() => insert(4));
    expect(performance.now() - thawed).toBeLessThan(allowedMs(1500));
    // This process gave these connections up; the server did not break them.
    expect(database.connectionsLost()).toBe(0);
    expect(await rows()).toBe(2);
  });

  it('responds before the deadline of the call, although the server is frozen', async () => {
    await ping();
    const within = <T>(ms: number, fn: () => Promise<T>) =>
      runInContext(
        {
          requestId: 'req_1',
          traceparent: undefined,
          deadlineAt: Date.now() + ms,
          principal: undefined,
        },
        () => outcome(fn()),
      );
    server.freeze();
    try {
      const { error, ms } = await within(600, () => insert(1));
      expect(error).toMatchObject(unavailable);
      expect(ms).toBeLessThan(allowedMs(600));
      expect(database.connectionsLost()).toBe(0);
    } finally {
      server.thaw();
    }
    expect(await rows()).toBe(0);
    await eventually(() => insert(1));
    // COMMIT is not cut: its outcome would be unknown.
    const { error } = await within(200, () =>
      database.transaction(async (tx) => {
        await tx.manager.query('insert into notes values (2)');
        proxy.latency(300);
      }),
    );
    expect(error).toBeUndefined();
    expect(await rows()).toBe(2);
  });

  it('never returns a connection on which a query still runs', async () => {
    proxy.halfOpen(); // this connection will never respond again, without a notice
    const { error, ms } = await outcome(ping());
    expect(error).toMatchObject(unavailable);
    expect(ms).toBeGreaterThan(3400);
    const next = await outcome(ping());
    expect(next.error).toBeUndefined();
    expect(next.ms).toBeLessThan(allowedMs(1000));
  });

  it('counts the connections that were terminated, and works again at once', async () => {
    const boot = await database.check().then(() => database.boot());
    const busy = outcome(database.read((manager) => manager.query('select pg_sleep(2)')));
    await ping();
    await server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'support'`,
    );
    expect((await busy).error).toBeUndefined();
    await eventually(() => expect(database.connectionsLost()).toBe(2));
    await insert(1);
    await database.check();
    expect(database.boot()).toBe(boot);
    expect(database.connectionsLost()).toBe(2);
  });

  it('renews its connections without losing the work on them', async () => {
    const pids = () =>
      server.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name like 'support%'`,
      );
    await database.check();
    const old = await pids();
    const busy = database.transaction(async (tx) => {
      await tx.manager.query('insert into notes values (1)');
      await database.reset();
      await tx.manager.query('insert into notes values (2)');
    });
    await busy;
    expect(await rows()).toBe(2);
    await eventually(async () => {
      const now = (await pids()).map(({ pid }) => pid);
      expect(now.length).toBeGreaterThan(0);
      expect(old.filter(({ pid }) => now.includes(pid))).toEqual([]);
    });
    expect(database.connectionsLost()).toBe(0);
  });

  it('reports an unknown outcome when the confirmation of a COMMIT is lost', async () => {
    const work = database.transaction(async (tx) => {
      await tx.manager.query('insert into notes values (1)');
      proxy.limit(1); // the server's next byte is the last: COMMIT arrives, its confirmation does not
    });
    await expect(work).rejects.toMatchObject({ code: 'PLATFORM.DEADLINE_EXCEEDED' });
    expect(await rows()).toBe(1);
  });

  it('reports an unknown outcome when COMMIT itself is lost', async () => {
    const work = database.transaction(async (tx) => {
      await tx.manager.query('insert into notes values (1)');
      proxy.blackhole(true);
    });
    await expect(work).rejects.toMatchObject({ code: 'PLATFORM.DEADLINE_EXCEEDED' });
    expect(await rows()).toBe(0);
  });

  it('reports that nothing was changed when the connection breaks before COMMIT, again and again', async () => {
    const work = database.transaction(async (tx) => {
      await tx.manager.query('insert into notes values (1)');
      proxy.cut();
      await tx.manager.query('insert into notes values (2)');
    });
    await expect(work).rejects.toMatchObject(unavailable);
    expect(await rows()).toBe(0);
    expect(database.connectionsLost()).toBeGreaterThan(1);
  });

  it('responds 503 when the server has no connection left', async () => {
    await database.close();
    const [limit] = await server.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where usename = 'support'`,
    );
    database = await openDatabase({ url, poolSize: 4 });
    await server.query(`alter role support connection limit ${(limit?.n ?? 0) + 2}`);
    try {
      const all = await Promise.all(
        [1, 2, 3, 4].map(() => outcome(database.read((m) => m.query('select pg_sleep(0.8)')))),
      );
      const failed = all.filter(({ error }) => error);
      expect(failed.length).toBeGreaterThan(0);
      for (const { error } of failed) expect(error).toMatchObject(unavailable);
    } finally {
      await server.query('alter role support connection limit -1');
    }
  });

  it('starts without a server, reports it as away, and migrates as soon as it is there', async () => {
    const other = await startPostgres();
    try {
      const otherUrl = await other.createServiceDatabase('support');
      await other.kill9();
      const late = startDatabase({ url: otherUrl });
      const { error, ms } = await outcome(late.read((manager) => manager.query('select 1')));
      expect(error).toMatchObject(unavailable);
      expect(ms).toBeLessThan(allowedMs(2000));
      await eventually(async () => {
        const second = await outcome(late.read((manager) => manager.query('select 1')));
        expect(second.ms).toBeLessThan(allowedMs(50));
      });
      await expect(late.check()).rejects.toThrow('ECONNREFUSED');
      await other.restart();
      await late.whenReady();
      await late.check();
      expect(await late.read((manager) => manager.query('select * from outbox'))).toEqual([]);
      await late.close();
    } finally {
      await other.stop();
    }
  });

  it('names what is degraded while it is away, when it is not critical', async () => {
    const optional = await openDatabase({ url, critical: false, degraded: 'history is not written' });
    expect(optional.degraded()).toBeNull();
    proxy.refuse(true);
    proxy.cut();
    await expect(optional.check()).rejects.toThrow();
    expect(optional.degraded()).toBe('history is not written');
    proxy.heal();
    await eventually(() => optional.check());
    expect(optional.degraded()).toBeNull();
    await optional.close();
  });
});
