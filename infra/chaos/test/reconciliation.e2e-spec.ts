import { type Check, type Incident, SIGNALS } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MailFolder } from '../src/system/mail-folder.ts';
import { PortalUnderTest } from './portal-under-test.ts';

const PHRASE = SIGNALS['billing.differs'].phrase;

describe('figures of billing that do not agree', () => {
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

  const call = async <T>(method: 'GET' | 'PATCH', path: string, body?: object): Promise<T> => {
    const options = { method, token: portal.admin, timeoutMs: 20_000, ...(body ? { body } : {}) };
    const response = await portal.client.call(path, options);
    if (response.status !== 200)
      throw new Error(`${path}: ${response.status} ${JSON.stringify(response.body)}`);
    return response.body as T;
  };
  const sees = (state: Check['state']) =>
    eventually(
      async () => {
        const now = await call<Check>('GET', '/v1/admin/checks/reconciliation');
        expect({ state: now.state, run: now.last_run }).toEqual({ state, run: now.last_run });
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
  const incidents = async (): Promise<Incident[]> =>
    (await portal.incidents()).filter(({ cause }) => cause.signal === 'billing.differs');
  /** A night without a run is made up for when billing starts: so the nightly job is run now. */
  const nextNight = async () => {
    await database.query('delete from billing.reconciliations');
    const killed = portal.pid('billing');
    process.kill(killed, 'SIGKILL');
    await eventually(
      async () => {
        const { rows } = await database.query('select 1 from billing.reconciliations');
        expect(rows).toHaveLength(1);
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
  };

  it('are found by the nightly job, in one incident with one mail, which ends when they are mended', async () => {
    await call('PATCH', '/v1/admin/checks/reconciliation', { interval_ms: 5000 });
    await sees('passing');
    // A number was given to no invoice, as if one had been deleted by hand.
    await database.query(`insert into billing.invoice_series (id, last_number) values ('GW-2024', 1)`);
    await nextNight();
    await sees('failing');
    await eventually(
      async () => {
        const [incident, ...others] = await incidents();
        expect(others).toEqual([]);
        expect(incident).toMatchObject({
          ...{ status: 'escalated', title: `billing ${PHRASE}` },
          rule: 'report-billing-differences',
        });
        expect(incident?.symptoms[0]?.evidence).toMatchObject({
          error: 'GW-2024: the series has 0 numbers up to 1',
        });
        const about = mails.aboutIncidents().filter(({ subject }) => subject.includes(PHRASE));
        expect(about).toHaveLength(1);
        expect(about[0]?.text).toContain('GW-2024: the series has 0 numbers up to 1');
        expect(about[0]?.text).toContain('npm run billing -- reconcile');
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    await database.query(`delete from billing.invoice_series where id = 'GW-2024'`);
    await nextNight();
    await sees('passing');
    await eventually(async () => expect(await incidents()).toMatchObject([{ status: 'resolved' }]), {
      timeoutMs: 60_000,
    });
    expect(mails.aboutIncidents().filter(({ subject }) => subject.includes(PHRASE))).toHaveLength(1);
  }, 400_000);
});
