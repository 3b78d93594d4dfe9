import type { Bus } from '@gridworks/bus';
import { createPause, getIncident, listIncidents, listPauses, removePause } from '@gridworks/contracts';
import { loadConfig } from '@gridworks/runtime';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { ADMIN, asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { healerConfig } from '../src/healer.config.ts';
import { HealerFixture } from './healer-fixture.ts';
import { startHealerService } from './healer-service.ts';
import { symptom } from './symptoms.ts';

/** The service as it is put together in production, with PostgreSQL away when it starts. */
describe('the healer as a service', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let gateway: Bus;
  let databaseUrl: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('healer');
    await postgres.kill9();
    await fixture.instance('billing');
    const service = await startHealerService(fixture, databaseUrl);
    gateway = service.gateway;
    stop = async () => {
      await service.stop();
      await fixture.stop();
      await postgres.stop();
    };
  }, 60_000);
  afterAll(() => stop?.());

  it('makes a pause once for each idempotency key, without PostgreSQL', async () => {
    const options = { principal: ADMIN, idempotencyKey: '8e03978e-40d5-43dd-bc93-6894a57f9324' };
    const make = (seconds: number) =>
      gateway.request(createPause, { scope: 'service:auth', reason: 'a deploy', seconds }, options);
    const [first, second] = await Promise.all([make(60), make(60)]);
    expect(second).toEqual(first);
    expect((await asAdmin(gateway).request(listPauses, {})).data).toEqual([first]);
    await expect(make(90)).rejects.toMatchObject({ code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED' });
    await asAdmin(gateway).request(removePause, { id: first.id });
    expect(await make(60)).toEqual(first);
    expect((await asAdmin(gateway).request(listPauses, {})).data).toEqual([]);
  });

  it('heals, mails and can be paused without PostgreSQL, and writes history when it is back', async () => {
    const pause = await asAdmin(gateway).request(createPause, {
      scope: 'service:auth',
      reason: 'a deploy',
      seconds: 60,
    });
    expect(pause).toMatchObject({ effect: 'pause', scope: 'service:auth' });
    expect((await asAdmin(gateway).request(listPauses, {})).data).toEqual([pause]);
    expect(await asAdmin(gateway).request(removePause, { id: pause.id })).toEqual(pause);
    await expect(asAdmin(gateway).request(removePause, { id: pause.id })).rejects.toMatchObject({
      code: 'HEALER.PAUSE_NOT_FOUND',
    });

    await fixture.report(symptom('instance.restarted'));
    const incident = await eventually(
      async () => {
        const { data } = await asAdmin(gateway).request(listIncidents, {});
        expect(data).toMatchObject([{ status: 'resolved', mailed_at: expect.any(String) }]);
        return data[0]!;
      },
      { timeoutMs: 15_000 },
    );
    expect(await asAdmin(gateway).request(getIncident, { id: incident.id })).toEqual(incident);
    expect((await asAdmin(gateway).request(listIncidents, { status: 'open' })).data).toEqual([]);
    expect((await asAdmin(gateway).request(listIncidents, { starting_after: incident.id })).data).toEqual([]);

    await postgres.restart();
    await eventually(
      async () => {
        const rows = await postgres.query<{ n: string }>(
          `select count(*) as n from healing_events where incident_id = $1`,
          [incident.id],
          databaseUrl,
        );
        expect(Number(rows[0]?.n)).toBe(incident.timeline.length);
      },
      { timeoutMs: 25_000, everyMs: 200 },
    );
  }, 60_000);

  it('refuses an environment that makes no sense', () => {
    expect(() =>
      loadConfig('healer', healerConfig, { HEALER_DRY_RUN: 'perhaps', HEALER_CHAIN_LIMIT: '0' }),
    ).toThrow(/HEALER_CHAIN_LIMIT[\s\S]*|HEALER_DRY_RUN/);
  });
});
