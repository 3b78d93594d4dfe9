import { getIncident, incidentChanged } from '@gridworks/contracts';
import { Database } from '@gridworks/persistence';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrations } from '../migrations/index.ts';
import { GetIncidentHandler } from '../src/history/get-incident.handler.ts';
import { HistoryRepository } from '../src/history/history.repository.ts';
import { IncidentPages } from '../src/history/incident-pages.ts';
import { ListIncidentsHandler } from '../src/history/list-incidents.handler.ts';
import { RecordIncidentHandler } from '../src/history/record-incident.handler.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { billing, postgres, symptom } from './symptoms.ts';

const auth = { kind: 'service', name: 'auth', process: 'auth' } as const;

describe('PostgreSQL as the target', () => {
  let fixture: HealerFixture;
  let server: PostgresServer;
  let running: RunningHealer;

  beforeEach(async () => {
    [fixture, server] = await Promise.all([HealerFixture.start(), startPostgres()]);
    await Promise.all([fixture.instance('billing'), fixture.instance('auth')]);
    const { servers } = fixture.options();
    running = await fixture.healer({ servers: { ...servers, postgres: server.url } });
    await eventually(
      () => running.healer.pulses.isHealthy('billing') && running.healer.pulses.isHealthy('auth'),
    );
    for (const instance of fixture.instances.values())
      instance.self.dependencies = [
        { name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: null },
      ];
  });
  afterEach(async () => {
    await fixture.stop();
    await server.stop();
  });

  const only = () => {
    const incidents = fixture.incidents(running);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };
  const mailed = () => eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 20_000 });

  it('that was killed swallows what its dependents report, before and after', async () => {
    await fixture.report(symptom('connections.lost', billing, { suspects: ['postgres'] }));
    await fixture.report(symptom('connections.lost', auth));
    await eventually(() => running.parts.incidents.all().length >= 1);
    expect(fixture.incidents(running)).toEqual([]);
    await server.kill9();
    const restarting = server.restart();
    await fixture.report(symptom('server.restarted', postgres));
    await fixture.report(symptom('instance.not-ready', billing));
    await restarting;
    await mailed();
    await fixture.report(symptom('instance.not-ready', auth, { began_at: only().began_at }));
    await eventually(() => expect(only().symptoms).toHaveLength(5));
    expect(only()).toMatchObject({
      status: 'resolved',
      cause: { target: postgres },
      rule: 'confirm-restarted-server',
    });
    expect(only().actions.map(({ remedy }) => remedy)).toEqual(['platform.ensure-running']);
    expect(running.parts.incidents.all()).toHaveLength(1);
    expect(fixture.smtp.messages).toHaveLength(1);
  });

  it('that hangs is restarted, and a dependent that does not recover with it is treated by its own ladder', async () => {
    const unhealthy = fixture.instances.get('billing')!;
    fixture.platform.hooks.onAct = ({ process }) => {
      if (process === 'postgres') return server.restart();
    };
    server.freeze();
    unhealthy.self.state = 'not-ready';
    await fixture.report(symptom('server.unresponsive', postgres));
    await fixture.report(symptom('instance.not-ready', billing, { suspects: ['postgres'] }));
    await eventually(() => expect(unhealthy.requested).toContain('reset-connections'), { timeoutMs: 20_000 });
    unhealthy.self.state = 'ready';
    await mailed();
    expect(only()).toMatchObject({ status: 'resolved', cause: { target: postgres } });
    expect(only().actions.map(({ remedy, target }) => `${remedy} ${target.process}`)).toEqual([
      'platform.restart postgres',
      'observe-only billing',
      'instance.reset-connections billing',
    ]);
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 40_000);

  it('is proven by its own protocol: while it recovers or refuses, nothing is resolved', async () => {
    await server.kill9();
    await fixture.report(symptom('server.restarted', postgres));
    await eventually(() => expect(only().status).toBe('verifying'));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(only().status).toBe('verifying');
    await server.restart();
    await mailed();
    expect(only().status).toBe('resolved');
  });
});

describe('history', () => {
  it('is written when PostgreSQL is back, and live incidents are served meanwhile', async () => {
    const [fixture, server] = await Promise.all([HealerFixture.start(), startPostgres()]);
    const url = await server.createServiceDatabase('healer');
    await server.kill9();
    const options = fixture.options();
    const database = new Database({
      url,
      schema: 'healer',
      applicationName: 'healer',
      entities: [],
      migrations: [...(await libraryMigrations()), ...migrations],
      logger: options.logger,
    });
    database.start();
    try {
      await fixture.instance('billing');
      const running = await fixture.healer();
      const history = new HistoryRepository(database);
      const recorder = new RecordIncidentHandler(database, history);
      const consumption = await running.bus.consume(incidentChanged, 'healer_record-incident', (event) =>
        recorder.handle(event.payload, event),
      );
      await eventually(() => running.healer.pulses.isHealthy('billing'));
      await fixture.report(symptom('instance.restarted'));
      await eventually(() => fixture.smtp.messages.length === 1, { timeoutMs: 10_000 });

      const listing = new ListIncidentsHandler(
        running.parts.incidents,
        history,
        options.logger,
        new IncidentPages(database),
      );
      const list = (query: { status?: 'open' | 'resolved'; starting_after?: string } = {}) =>
        listing.handle({ limit: 10, ...query });
      const { data, partial } = await list();
      expect(partial).toBe(true);
      // What goes on is in the live state alone, so nothing is missing here.
      expect(await list({ status: 'open' })).toMatchObject({ data: [], partial: false });
      expect(data).toMatchObject([{ status: 'resolved', title: 'billing ended and was started again' }]);
      const get = new GetIncidentHandler(running.parts.incidents, history);
      expect(await get.handle({ id: data[0]!.id })).toEqual(data[0]);

      await server.restart();
      const rows = await eventually(
        async () => {
          const found = await database.read<{ what: string }[]>((manager) =>
            manager.query('select what from healing_events where incident_id = $1 order by sequence', [
              data[0]!.id,
            ]),
          );
          expect(found.at(-1)?.what).toBe('notified');
          return found;
        },
        { timeoutMs: 25_000, everyMs: 200 },
      );
      expect(rows.map(({ what }) => what)).toEqual((await list()).data[0]!.timeline.map(({ what }) => what));
      // Too old for the live state: from history.
      const stranger = await get.handle({ id: data[0]!.id });
      await running.parts.incidents.remove(data[0]!.id);
      expect(await get.handle({ id: data[0]!.id })).toEqual(stranger);
      expect(await list()).toMatchObject({ data: [stranger], has_more: false, partial: false });
      expect((await list({ status: 'resolved' })).data).toEqual([stranger]);
      // A new one stands above it, and each is a cursor for the other.
      await fixture.report(symptom('dead-letters.present'));
      const [latest] = await eventually(async () => {
        const both = (await list()).data;
        expect(both).toMatchObject([{ cause: { signal: 'dead-letters.present' } }, { id: stranger.id }]);
        return both;
      });
      expect((await list({ starting_after: latest!.id })).data).toEqual([stranger]);
      const newer = await listing.handle({ limit: 10, ending_before: stranger.id });
      expect(newer.data.map(({ id }) => id)).toEqual([latest!.id]);
      await expect(get.handle({ id: 'inc_0000000000000000000000' })).rejects.toMatchObject({
        code: 'HEALER.INCIDENT_NOT_FOUND',
      });
      expect(getIncident.output.parse(stranger)).toEqual(stranger);
      await consumption.stop();
    } finally {
      await fixture.stop();
      await database.close();
      await server.stop();
    }
  }, 60_000);
});

/** Inbox, outbox and the order of lists, as the persistence module adds them by itself. */
async function libraryMigrations() {
  const { LIBRARY_MIGRATIONS } = await import(
    '../../../libs/persistence/src/migrations/library-migrations.ts'
  );
  return LIBRARY_MIGRATIONS;
}
