import { type CallContext, runInContext } from '@gridworks/observability';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../test/open-database.ts';
import type { Database } from '../database/database.ts';

const SIZE = 8;
const context = (criticality: 'critical' | 'normal', user: string): CallContext => ({
  requestId: 'req_1',
  traceparent: undefined,
  deadlineAt: undefined,
  criticality,
  principal: { kind: 'session', id: 'ses_1', partner_id: 'par_1', user_id: user, role: 'owner', mode: null },
});

describe('a pool of 8 connections whose table is locked', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let locker: pg.Client;
  let work: Promise<unknown>[];
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    await server.query('create table slow (id int)', [], url);
    await server.query('create table quick (id int)', [], url);
    database = await openDatabase({ url, poolSize: SIZE });
  });
  beforeEach(async () => {
    work = [];
    database.setPool('auto', SIZE);
    await eventually(() => database.pool().level === 'normal');
    locker = new pg.Client({ connectionString: url });
    await locker.connect();
    await locker.query('begin; lock table slow in access exclusive mode');
  });
  afterEach(async () => {
    await locker.end();
    await Promise.allSettled(work);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const query = (criticality: 'critical' | 'normal', user: string, table: 'slow' | 'quick') => {
    const done = runInContext(context(criticality, user), () =>
      database.read((manager) => manager.query(`select count(*)::int as n from ${table}`)),
    );
    done.catch(() => undefined);
    work.push(done);
    return done;
  };
  /** More normal queries than there are connections, of several callers. */
  const flood = (users: number, each: number) => {
    for (let user = 0; user < users; user++)
      for (let turn = 0; turn < each; turn++) void query('normal', `usr_${user}`, 'slow');
  };

  it('serves critical requests and the work of the service at once, while normal ones wait', async () => {
    flood(3, 4);
    await eventually(() => expect(database.pool()).toMatchObject({ level: 'warning', waiting: 5 }));
    await expect(query('critical', 'usr_9', 'quick')).resolves.toEqual([{ n: 0 }]);
    await expect(database.read((manager) => manager.query('select 1 as n'))).resolves.toEqual([{ n: 1 }]);
    await expect(database.transaction(async (tx) => tx.prepared('select 1 as n', []))).resolves.toEqual([
      { n: 1 },
    ]);
    await locker.query('rollback');
    await Promise.all(work);
    expect(database.pool()).toMatchObject({ queued_total: 5, refused_total: 0, in_use: 0, waiting: 0 });
  });

  it('refuses normal requests that have waited for a second, and says when to come back', async () => {
    flood(2, 4);
    const late = query('normal', 'usr_7', 'slow');
    await expect(late).rejects.toMatchObject({ code: 'PLATFORM.REDUCED_CAPACITY', retryAfterMs: 1000 });
    await locker.query('rollback');
  });

  it('loses its place with the work, whatever became of it', async () => {
    flood(2, 5);
    await locker.query('rollback');
    await Promise.allSettled(work);
    await expect(query('normal', 'usr_1', 'quick')).resolves.toEqual([{ n: 0 }]);
    const broken = runInContext(context('normal', 'usr_1'), () =>
      database.read((manager) => manager.query('select from nowhere')),
    );
    await expect(broken).rejects.toThrow('nowhere');
    await eventually(() => database.pool().level === 'normal' && database.pool().in_use === 0);
  });

  it('grows while it is short, as far as PostgreSQL has room', async () => {
    flood(3, 4);
    await eventually(() => expect(database.pool().max).toBeGreaterThan(SIZE));
    await locker.query('rollback');
    await Promise.allSettled(work);
    expect(database.pool().max).toBeLessThanOrEqual(SIZE * 1.5);
  });

  it('serves all in the order in which they come while it is turned off, so that critical ones wait as well', async () => {
    database.setPool('off', SIZE);
    flood(5, 5);
    let served = false;
    void query('critical', 'usr_9', 'quick').then(() => {
      served = true;
    });
    // An earlier test may have left more connections than the pool makes now.
    await eventually(() => {
      const { in_use, level, mode, waiting } = database.pool();
      expect({ level, mode, all: in_use + waiting }).toEqual({ level: 'normal', mode: 'off', all: 26 });
      expect(waiting).toBeGreaterThan(10);
    });
    expect(served).toBe(false);
    await locker.query('rollback');
    await eventually(() => expect(served).toBe(true));
  });
});
