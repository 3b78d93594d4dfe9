import { Bus } from '@gridworks/bus';
import { errorCaptured, getIncident, listIncidents, type ServiceName } from '@gridworks/contracts';
import {
  classify,
  ErrorReporter,
  fingerprint,
  HealingEnvironment,
  withSelfHealing,
} from '@gridworks/resilience';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { asAdmin } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bug, capture, captured } from './caught-errors.ts';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { type HealerService, startHealerService } from './healer-service.ts';
import { postgres as postgresTarget, symptom } from './symptoms.ts';

/** The service with all its consumers, over a real bus and a real PostgreSQL. */
describe('errors that processes caught, told over the bus', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let service: HealerService;
  let databaseUrl: string;
  const buses = new Map<ServiceName, Bus>();

  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    const instance = await fixture.instance('billing');
    instance.self.dependencies = [
      { name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: null },
    ];
    databaseUrl = await postgres.createServiceDatabase('healer');
    service = await startHealerService(fixture, databaseUrl, {
      HEALER_CAPTURES_HOLD_MS: '1500',
      HEALER_CAPTURES_QUIET_MS: '2000',
    });
    for (const name of ['billing', 'support', 'gateway'] as const)
      buses.set(
        name,
        await Bus.connect({
          servers: fixture.nats.url,
          ...fixture.nats.credentials(name),
          service: name,
          instance: `${name}-errors`,
          signingKey: SIGNING_KEY,
        }),
      );
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    for (const bus of buses.values()) await bus.close();
    await fixture?.stop();
    await postgres?.stop();
  });

  const report = (name: ServiceName, ...captures: Parameters<typeof captured>[0][]) =>
    buses.get(name)!.publish(errorCaptured[name], captured(captures.flat(), name));
  const incidents = async () => (await asAdmin(service.gateway).request(listIncidents, { limit: 100 })).data;
  const mails = () => fixture.smtp.messages;

  it('a hundred thousand within a second, of thousands of forms, are one incident and one mail', async () => {
    const bus = buses.get('gateway')!;
    const reporter = new ErrorReporter({
      everyMs: 200,
      sink: async (captures) => {
        const payload = { service: 'gateway', instance: 'gateway', captures: [...captures], dropped: 0 };
        await bus.publish(errorCaptured.gateway, payload as never);
      },
    });
    const environment = new HealingEnvironment({ classify, fingerprint, reporter });
    let made = 0;
    const words = ['lemon', 'river', 'stone', 'cloud', 'amber', 'birch', 'coral', 'delta', 'ember', 'frost'];
    const call = withSelfHealing(
      async () => {
        const wording = [...String(made++ % 5000)].map((digit) => words[Number(digit)]).join(' ');
        throw new Error(`nobody foresaw ${wording}`);
      },
      { source: 'gateway.product.call', category: 'api', breaker: false, bulkhead: false, environment },
    );
    for (let i = 0; i < 100; i++)
      await Promise.all(Array.from({ length: 1000 }, () => call().catch(() => undefined)));
    // An attempt to publish fails while the calls hold the event loop of this process up.
    await eventually(
      async () => {
        await reporter.flush();
        expect(reporter.waiting).toBe(0);
      },
      { timeoutMs: 60_000 },
    );
    await reporter.stop();
    expect(reporter.captured).toBe(100_000);
    const [incident] = await eventually(
      async () => {
        const data = await incidents();
        expect(data).toMatchObject([{ cause: { signal: 'errors.captured' } }]);
        expect(data[0]!.timeline.map(({ what }) => what)).toContain('escalated');
        expect(mails()).toHaveLength(1);
        return data;
      },
      { timeoutMs: 60_000 },
    );
    expect(incident!.errors.length).toBeLessThanOrEqual(20);
    await eventually(
      async () => {
        const [latest] = await incidents();
        expect(latest).toMatchObject({ id: incident!.id, status: 'resolved' });
      },
      { timeoutMs: 60_000 },
    );
    expect(await incidents()).toHaveLength(1);
    expect(mails()).toHaveLength(1);
    expect(fixture.platform.acts).toEqual([]);
  }, 180_000);

  it('are kept in history, with what was caught', async () => {
    await report('support', bug({ source: 'support.tickets.close', fingerprint: 'history' }));
    const incident = await eventually(
      async () => {
        const [latest] = await incidents();
        expect(latest?.cause.target.process).toBe('support');
        expect(latest?.status).toBe('resolved');
        return latest!;
      },
      { timeoutMs: 20_000 },
    );
    await eventually(
      async () => {
        const [row] = await postgres.query<{ signal: string; decided_by: string; errors: string }>(
          `select signal, decided_by, snapshot -> 'errors' -> 0 ->> 'source' as errors from healing_incidents where id = '${incident.id}'`,
          [],
          databaseUrl,
        );
        expect(row).toEqual({
          signal: 'errors.captured',
          decided_by: 'rule',
          errors: 'support.tickets.close',
        });
      },
      { timeoutMs: 20_000 },
    );
  }, 60_000);

  it('of a killed PostgreSQL, before and after, appear in its one incident', async () => {
    const mailed = mails().length;
    const earlier = await incidents();
    await report('billing', capture({ healed: 10 }));
    await postgres.kill9();
    await report('billing', capture({ healed: 0, kind: 'connection_refused', fingerprint: 'refused' }));
    await fixture.report(symptom('server.unresponsive', postgresTarget));
    fixture.platform.hooks.onAct = () => postgres.restart();
    await eventually(() => mails().length > mailed, { timeoutMs: 20_000 });
    await report('support', capture({ healed: 0, source: 'support.postgres.read' }));
    const incident = await eventually(
      async () => {
        const data = await incidents();
        expect(data).toHaveLength(earlier.length + 1);
        expect(
          data[0]!.timeline.filter(({ text }) => / healed \d+ of 12 failed calls/.test(text)),
        ).toHaveLength(3);
        return data[0]!;
      },
      { timeoutMs: 15_000 },
    );
    expect(incident.cause).toMatchObject({ signal: 'server.unresponsive', target: postgresTarget });
    expect(incident.errors.map(({ process }) => process).sort()).toEqual(['billing', 'billing', 'support']);
    expect(await asAdmin(service.gateway).request(getIncident, { id: incident.id })).toEqual(incident);
    expect(mails()).toHaveLength(mailed + 1);
    expect(fixture.platform.acts).toHaveLength(1);
  }, 60_000);
});
