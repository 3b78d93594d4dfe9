import type { Incident, NamedSession } from '@gridworks/contracts';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PostgresSessions } from '../src/remedies/postgres-sessions.repository.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { postgres as postgresTarget, symptom } from './symptoms.ts';

describe('sessions of PostgreSQL that wait for one other', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let healer: RunningHealer;
  let healerUrl: string;
  let supportUrl: string;
  const open: pg.Client[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    healerUrl = await postgres.createServiceDatabase('healer', { database: 'portal' });
    supportUrl = await postgres.createServiceDatabase('support', { database: 'portal' });
    await postgres.query('grant pg_read_all_stats, pg_signal_backend to healer');
    await postgres.query('create table tickets (id int); insert into tickets values (1)', [], supportUrl);
  }, 60_000);
  // Each test has a bus of its own: the same fault so soon after the end would reopen the incident before.
  beforeEach(async () => {
    fixture = await HealerFixture.start();
    healer = await fixture.healer({
      servers: {
        nats: { url: fixture.nats.url, ...fixture.nats.credentials('healer') },
        postgres: healerUrl,
        redis: undefined,
      },
      sessions: new PostgresSessions({ url: healerUrl, applicationName: 'healer:remedies' }),
    });
  }, 30_000);
  afterEach(async () => {
    await fixture?.stop();
    await postgres.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    for (const client of open.splice(0)) await client.end().catch(() => undefined);
  }, 30_000);
  afterAll(() => postgres?.stop(), 30_000);

  async function connect(url = supportUrl): Promise<{ client: pg.Client; named: NamedSession }> {
    const client = new pg.Client({ connectionString: url, application_name: 'report of a person' });
    client.on('error', () => undefined);
    open.push(client);
    await client.connect();
    const { rows } = await client.query(
      `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as backend_start
       from pg_stat_activity where pid = pg_backend_pid()`,
    );
    const rest = { role: 'support', application_name: '', state: null, command: null, query_id: null };
    return { client, named: { ...rest, ...rows[0], age_ms: 2000, blocked: 5 } };
  }

  /** A session that holds the table, and five that wait for it; `freed` counts those that got it. */
  async function pileUp(how: 'running' | 'idle', url?: string) {
    const blocker = await connect(url);
    await blocker.client.query(`begin; lock table support.tickets in access exclusive mode`);
    if (how === 'running') blocker.client.query('select pg_sleep(600)').catch(() => undefined);
    const state = { freed: 0 };
    for (let index = 0; index < 5; index++) {
      const { client } = await connect();
      client.query('select count(*) from tickets').then(
        () => state.freed++,
        () => undefined,
      );
    }
    await eventually(async () => {
      const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
      expect(await postgres.query(waiting)).toHaveLength(5);
    });
    return { blocker, state };
  }

  /** Reports as monitor does: until those who waited are freed. */
  async function reportUntilFreed(named: NamedSession, state: { freed: number }): Promise<void> {
    const firing = symptom('database.lock-pile-up', postgresTarget, { evidence: { sessions: [named] } });
    await fixture.report(firing);
    await eventually(() => expect(state.freed).toBe(5), { timeoutMs: 20_000 });
    await fixture.report({ ...firing, state: 'cleared', observed_at: new Date().toISOString() });
  }

  const only = (): Incident => {
    const incidents = fixture.incidents(healer);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };
  const isResolved = () =>
    eventually(
      () => {
        const found = only();
        expect(found.status).toBe('resolved');
        expect(fixture.smtp.messages).toHaveLength(1);
        return found;
      },
      { timeoutMs: 20_000 },
    );
  const remedies = ({ actions }: Incident) => actions.map(({ remedy, state }) => `${remedy} ${state}`);

  it('are freed by cancelling the statement of that one, with one incident and one mail', async () => {
    const { blocker, state } = await pileUp('running');
    await reportUntilFreed(blocker.named, state);
    const incident = await isResolved();
    expect(remedies(incident)).toEqual(['postgres.end-statement done']);
    expect(incident.actions[0]?.outcome).toMatch(
      new RegExp(
        `^The statement was cancelled of session ${blocker.named.pid} of support \\(report of a person\\) after \\d+ s, which kept 5 others waiting\\.$`,
      ),
    );
    expect(fixture.smtp.messages).toMatchObject([
      {
        subject: expect.stringContaining(
          '[AUTO-RESOLVED] postgres has sessions that wait for one other session',
        ),
      },
    ]);
    expect(fixture.platform.acts).toEqual([]);
  }, 60_000);

  it('are freed by ending it when it is idle in a transaction', async () => {
    const { blocker, state } = await pileUp('idle');
    await reportUntilFreed(blocker.named, state);
    const incident = await isResolved();
    expect(remedies(incident)).toEqual(['postgres.end-statement failed', 'postgres.end-session done']);
    expect(incident.actions[0]?.outcome).toContain('it runs no statement');
    expect(incident.actions[1]?.outcome).toMatch(
      /^Ended was session \d+ of support .*, which kept 5 others waiting\.$/,
    );
  }, 60_000);

  it('are left to a human when that one is a superuser’s', async () => {
    const { blocker, state } = await pileUp('running', postgres.adminUrl.replace(/postgres$/, 'portal'));
    await fixture.report(
      symptom('database.lock-pile-up', postgresTarget, { evidence: { sessions: [blocker.named] } }),
    );
    await eventually(
      () => {
        expect(only().status).toBe('escalated');
        expect(fixture.smtp.messages).toMatchObject([
          { subject: expect.stringContaining('[ACTION NEEDED]') },
        ]);
      },
      { timeoutMs: 20_000 },
    );
    expect(remedies(only())).toEqual([
      'postgres.end-statement failed',
      'postgres.end-session failed',
      'page-human done',
    ]);
    expect(only().actions[1]?.outcome).toContain('it belongs to a superuser');
    expect(state.freed).toBe(0);
  }, 60_000);

  it.each<[string, Record<string, unknown>]>([
    ['nobody', {}],
    ['a pid alone', { sessions: [{ pid: 1 }] }],
    ['something cut off', { cut: '{"sessions":[' }],
  ])(
    'are left to a human when the symptom names %s',
    async (_, evidence) => {
      const { state } = await pileUp('running');
      await fixture.report(symptom('database.lock-pile-up', postgresTarget, { evidence }));
      await eventually(() => expect(only().status).toBe('escalated'), { timeoutMs: 20_000 });
      expect(only().actions[0]?.outcome).toContain('the symptom names no session');
      expect(state.freed).toBe(0);
    },
    60_000,
  );
});
