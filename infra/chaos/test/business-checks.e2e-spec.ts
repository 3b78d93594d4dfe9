import { type Check, type Incident, SIGNALS, SYNTHETIC_PARTNER_ID } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MailFolder } from '../src/system/mail-folder.ts';
import { PortalUnderTest } from './portal-under-test.ts';

const PHRASE = SIGNALS['business.failing'].phrase;

describe('the business checks of the running portal', () => {
  let portal: PortalUnderTest;
  let database: Client;
  let mails: MailFolder;

  beforeAll(async () => {
    portal = await PortalUnderTest.start({});
    mails = new MailFolder(portal.system.layout.mail);
    database = new Client({ connectionString: portal.system.databaseUrl.replace(/postgres$/, 'portal') });
    await database.connect();
  }, 180_000);
  afterAll(async () => {
    await database?.end();
    await portal?.stop();
  }, 60_000);

  const call = async <T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<T> => {
    const options = { method, token: portal.admin, timeoutMs: 20_000, ...(body ? { body } : {}) };
    const response = await portal.client.call(path, options);
    if (response.status !== 200)
      throw new Error(`${path}: ${response.status} ${JSON.stringify(response.body)}`);
    return response.body as T;
  };
  const check = (name: string) => call<Check>('GET', `/v1/admin/checks/${name}`);
  const run = async (name: string) =>
    (await call<{ check: Check }>('POST', `/v1/admin/checks/${name}/run`, {})).check;
  const sees = (name: string, state: Check['state'], timeoutMs = 60_000) =>
    eventually(
      async () => {
        const now = await check(name);
        expect({ state: now.state, run: now.last_run }).toEqual({ state, run: now.last_run });
      },
      { timeoutMs, everyMs: 500 },
    );
  const incidents = async (): Promise<Incident[]> =>
    (await portal.incidents()).filter(({ cause }) => cause.signal === 'business.failing');

  it('log in and make a metered call that is counted, and appear in no figure of partners', async () => {
    await sees('partner-call', 'passing');
    await sees('metered-calls', 'passing');
    expect((await run('partner-call')).last_run).toMatchObject({ passed: true, step: null });
    await eventually(
      async () => {
        const { rows } = await database.query('select calls from billing.usage_daily where partner_id = $1', [
          SYNTHETIC_PARTNER_ID,
        ]);
        expect(Number(rows[0]?.calls)).toBeGreaterThanOrEqual(2);
      },
      { timeoutMs: 20_000 },
    );
    const overview = await call<Record<string, object>>('GET', '/v1/admin/overview');
    expect(overview).toMatchObject({
      accounts: { partners: 0, active_keys: 0 },
      calls: { today: { calls: 0 } },
    });
    const { rows } = await database.query('select 1 from billing.accounts where partner_id = $1', [
      SYNTHETIC_PARTNER_ID,
    ]);
    expect(rows).toEqual([]);
  }, 120_000);

  it('say nothing of a service that is frozen and healed: its own symptom explains it', async () => {
    const frozen = portal.pid('billing');
    process.kill(frozen, 'SIGSTOP');
    await eventually(() => expect(portal.pid('billing')).not.toBe(frozen), { timeoutMs: 60_000 });
    await sees('partner-call', 'passing');
    expect(await incidents()).toEqual([]);
  }, 120_000);

  it('survive, with their changed settings, that monitor is killed', async () => {
    for (const [name, interval_ms] of [
      ['partner-call', 5000],
      ['metered-calls', 15_000],
    ] as const)
      await call('PATCH', `/v1/admin/checks/${name}`, {
        interval_ms,
        threshold: { response_time_ms: 4321 },
      });
    const killed = portal.pid('monitor');
    process.kill(killed, 'SIGKILL');
    await eventually(() => expect(portal.pid('monitor')).not.toBe(killed), { timeoutMs: 30_000 });
    await eventually(
      async () =>
        expect(await check('partner-call')).toMatchObject({
          interval_ms: 5000,
          threshold: { response_time_ms: 4321, error_rate: 0.5 },
        }),
      { timeoutMs: 30_000, everyMs: 250 },
    );
    const { data } = await call<{ data: object[] }>('GET', '/v1/admin/checks/partner-call/changes');
    expect(data).toMatchObject([{ before: { interval_ms: 60_000 }, after: { interval_ms: 5000 } }]);
    await sees('partner-call', 'passing');
  }, 120_000);

  it('find calls that were metered and are not counted, in one incident with one mail', async () => {
    // A minute after them calls must be counted.
    const enough = async () => {
      const { rows } = await database.query(
        `select count(*)::int as n from billing.usage_records
         where partner_id = $1 and at < now() - interval '65 seconds'
           and api_key_id = (select max(api_key_id) from billing.usage_records where partner_id = $1)`,
        [SYNTHETIC_PARTNER_ID],
      );
      expect(rows[0].n).toBeGreaterThan(2);
    };
    await eventually(enough, { timeoutMs: 120_000, everyMs: 1000 });
    await sees('metered-calls', 'passing');
    // Counts get lost, as by a faulty migration.
    await database.query('update billing.usage_daily set calls = 0 where partner_id = $1', [
      SYNTHETIC_PARTNER_ID,
    ]);
    await sees('metered-calls', 'failing', 150_000);
    const { last_run } = await check('metered-calls');
    expect(last_run).toMatchObject({
      step: 'count',
      detail: expect.stringMatching(/^\d+ to \d+ calls were metered and \d+ are counted$/),
    });
    await eventually(
      async () => {
        const [incident, ...others] = await incidents();
        expect(others).toEqual([]);
        expect(incident).toMatchObject({ status: 'escalated', title: `billing ${PHRASE}` });
        expect(incident?.symptoms[0]?.evidence).toMatchObject({ check: 'metered-calls', step: 'count' });
        const about = mails.aboutIncidents().filter(({ subject }) => subject.includes(PHRASE));
        expect(about).toHaveLength(1);
        expect(about[0]?.text).toContain('calls were metered');
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    await sees('partner-call', 'passing');
  }, 400_000);
});
