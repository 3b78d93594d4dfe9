import type { Bus } from '@gridworks/bus';
import { errorCaptured, listIncidents, type ServiceName } from '@gridworks/contracts';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { capture, captured } from './caught-errors.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';
import { postgres as postgresTarget, symptom } from './symptoms.ts';

describe('a PostgreSQL that takes no writes', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let service: HealerService;
  const buses = new Map<ServiceName, Bus>();

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    await fixture.instance('billing');
    service = await startHealerService(fixture, await postgres.createServiceDatabase('healer'), {
      HEALER_CAPTURES_HOLD_MS: '1500',
      HEALER_CAPTURES_QUIET_MS: '2000',
    });
    for (const name of ['billing', 'support'] as const) buses.set(name, await service.connect(name));
    buses.set('gateway', service.gateway);
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await fixture?.stop();
    await postgres?.stop();
  }, 30_000);

  const report = (name: ServiceName, ...captures: Parameters<typeof captured>[0][]) =>
    buses.get(name)!.publish(errorCaptured[name], captured(captures.flat(), name));
  const incidents = async () => (await asAdmin(service.gateway).request(listIncidents, { limit: 100 })).data;
  const mails = () => fixture.smtp.messages;

  it('has one incident, which explains the errors of all services and is mailed once, until it takes writes', async () => {
    const setReadOnly = async (value: 'on' | 'off') => {
      await postgres.query(`alter system set default_transaction_read_only = ${value}`);
      await postgres.query('select pg_reload_conf()');
    };
    const refused = (more: Parameters<typeof capture>[0] = {}) =>
      capture({ healed: 0, kind: 'service_unavailable', fingerprint: 'read-only', ...more });
    const ours = async () => {
      const data = await incidents();
      expect(data).toHaveLength(1);
      expect(data[0]!.cause).toEqual({ signal: 'server.read-only', target: postgresTarget });
      return data[0]!;
    };
    await setReadOnly('on');
    const firing = symptom('server.read-only', postgresTarget);
    try {
      await report('billing', refused());
      await report('support', refused({ source: 'support.postgres.transaction' }));
      await fixture.report(firing);
      await report('gateway', refused({ source: 'gateway.rpc.support', dependency: 'support' }));
      const incident = await eventually(
        async () => {
          const latest = await ours();
          expect(latest.errors.map(({ process }) => process).sort()).toEqual([
            'billing',
            'gateway',
            'support',
          ]);
          return latest;
        },
        { timeoutMs: 20_000 },
      );
      expect(incident).toMatchObject({ status: 'escalated', rule: 'report-read-only-server' });
    } finally {
      await setReadOnly('off');
    }
    await fixture.report({ ...firing, state: 'cleared', observed_at: new Date().toISOString() });
    await eventually(async () => expect(await ours()).toMatchObject({ status: 'resolved' }), {
      timeoutMs: 20_000,
    });
    expect(mails()).toMatchObject([
      { subject: expect.stringContaining('[ACTION NEEDED] postgres responds but refuses writes') },
    ]);
    expect(fixture.platform.acts).toEqual([]);
  }, 60_000);

  it('with a damaged index is told to a human once, and nobody touches it', async () => {
    const before = mails().length;
    const acts = fixture.platform.acts.length;
    const firing = symptom('database.damaged', postgresTarget);
    const error =
      'one index is damaged: billing.invoices_pkey on billing.invoices: item order invariant violated';
    await fixture.report({ ...firing, evidence: { error } });
    const damaged = async () => (await incidents()).find(({ cause }) => cause.signal === 'database.damaged');
    await eventually(
      async () => {
        expect(await damaged()).toMatchObject({ status: 'escalated', rule: 'report-damaged-database' });
        expect(mails()).toHaveLength(before + 1);
      },
      { timeoutMs: 20_000 },
    );
    const mail = mails().at(-1);
    expect(mail?.subject).toContain('[ACTION NEEDED] postgres has a damaged index');
    expect(mail?.text).toContain('billing.invoices_pkey');
    expect(mail?.text).toContain('restore the last verified backup');
    expect((await damaged())?.actions.map(({ remedy }) => remedy)).toEqual(['page-human']);
    expect(fixture.platform.acts).toHaveLength(acts);
    await fixture.report({ ...firing, state: 'cleared', observed_at: new Date().toISOString() });
    await eventually(async () => expect(await damaged()).toMatchObject({ status: 'resolved' }), {
      timeoutMs: 20_000,
    });
    expect(mails()).toHaveLength(before + 1);
  }, 60_000);
});
