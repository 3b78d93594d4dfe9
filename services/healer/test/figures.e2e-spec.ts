import type { Bus } from '@gridworks/bus';
import {
  countHealing,
  createPause,
  getHealingStats,
  getHealingSummary,
  getScorecard,
  type Incident,
  incidentSchema,
  listExperiments,
  listHealingActions,
  listIncidents,
  listServiceIncidents,
  newId,
} from '@gridworks/contracts';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { asAdmin, keyOf } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HealerFixture } from './healer-fixture.ts';
import { startHealerService } from './healer-service.ts';
import { symptom } from './symptoms.ts';

const HOUR_MS = 3_600_000;

describe('the figures of healing', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let databaseUrl: string;
  let gateway: Bus;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('healer');
    await fixture.instance('billing');
    const service = await startHealerService(fixture, databaseUrl);
    gateway = service.gateway;
    // The healer makes its tables in the background: it heals without PostgreSQL, too.
    await eventually(() => query('select from healing_actions limit 1'), { timeoutMs: 60_000 });
    stop = async () => {
      await service.stop();
      await fixture.stop();
      await postgres.stop();
    };
  }, 120_000);
  afterAll(() => stop?.());

  const query = (sql: string, values: unknown[] = []) => postgres.query(sql, values, databaseUrl);
  const admin = () => asAdmin(gateway);

  /** An incident of the past, as its row in history. */
  async function remember(ago: number, over: Partial<Incident>, escalated = false): Promise<Incident> {
    const at = Date.now() - ago;
    const time = (ms: number) => new Date(at + ms).toISOString();
    const incident = incidentSchema.parse({
      object: 'incident',
      id: newId('incident', at),
      status: 'resolved',
      title: 'billing does not respond',
      cause: {
        signal: 'instance.unresponsive',
        target: { kind: 'service', name: 'billing', process: 'billing' },
      },
      began_at: time(0),
      observed_at: time(400),
      resolved_at: time(1400),
      decided_by: 'playbook',
      rule: 'restart',
      actions: [],
      symptoms: [],
      timeline: [],
      mailed_at: null,
      trace_id: null,
      experiment: null,
      revision: 1,
      ...over,
    });
    const { cause } = incident;
    await query(
      `insert into healing_incidents (id, revision, status, signal, target_kind, target_name, target_process, title,
         decided_by, rule, experiment, began_at, observed_at, resolved_at, snapshot)
       values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        ...[
          incident.id,
          incident.status,
          cause.signal,
          cause.target.kind,
          cause.target.name,
          cause.target.process,
        ],
        ...[incident.title, incident.decided_by, incident.rule, incident.experiment],
        ...[incident.began_at, incident.observed_at, incident.resolved_at, JSON.stringify(incident)],
      ],
    );
    if (escalated)
      await query(`insert into healing_events values ($1, 0, now(), 'escalated', 'An admin is asked.')`, [
        incident.id,
      ]);
    return incident;
  }

  it('count by window, decider and outcome', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events, healing_error_hours');
    await remember(HOUR_MS, {});
    await remember(2 * HOUR_MS, { decided_by: 'pattern' });
    await remember(3 * HOUR_MS, { decided_by: 'human' }, true);
    await remember(48 * HOUR_MS, {});
    await query(
      `insert into healing_error_hours values
         (date_trunc('hour', now()), 'billing', '', 5, 1), (date_trunc('hour', now()), 'billing', 'RETRY_WITH_BACKOFF', 4, 2)`,
    );
    const day = await admin().request(getHealingStats, { window: '24h' });
    expect(day).toMatchObject({ incidents: 3, auto_resolved: 2, escalated: 1, open: 0 });
    expect(day.success_rate).toBeCloseTo(2 / 3);
    expect([day.time_to_detect.p50_ms, day.time_to_heal.p95_ms]).toEqual([400, 1000]);
    expect(day.by_decider.map(({ decider, incidents }) => `${decider} ${incidents}`).sort()).toEqual([
      ...['human 1', 'pattern 1', 'playbook 1'],
    ]);
    expect(day.by_strategy).toEqual([{ strategy: 'RETRY_WITH_BACKOFF', healed: 4, failed: 2 }]);
    expect(day.prevented).toEqual({
      ...{ pool_recoveries: 0, replacements: 0, sessions_ended: 0, retries_that_helped: 4 },
    });
    expect(day.errors).toEqual({ caught: 6, healed: 5 });
    expect(day.model).toEqual({ verdicts: 0, agreed: 0, rejected: 0, promoted: 0, demoted: 0 });
    expect(await admin().request(getHealingStats, { window: '7d' })).toMatchObject({ incidents: 4 });
  });

  it('find incidents by time, service, signal and decider, also those that the live state has forgotten', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events');
    const ofBilling = await remember(5 * HOUR_MS, {});
    const ofAuth = await remember(4 * HOUR_MS, {
      decided_by: 'human',
      cause: { signal: 'instance.stalled', target: { kind: 'service', name: 'auth', process: 'auth-2' } },
    });
    const ids = async (filter: object) =>
      (await admin().request(listIncidents, { limit: 100, ...filter })).data.map(({ id }) => id);
    expect(await ids({ service: 'auth' })).toEqual([ofAuth.id]);
    expect(await ids({ signal: 'instance.unresponsive' })).toEqual([ofBilling.id]);
    expect(await ids({ decider: 'human' })).toEqual([ofAuth.id]);
    const between = new Date(Date.now() - 4.5 * HOUR_MS).toISOString();
    expect(await ids({ from: between })).toEqual([ofAuth.id]);
    expect(await ids({ to: between })).toEqual([ofBilling.id]);
    expect((await ids({})).slice(-2)).toEqual([ofAuth.id, ofBilling.id]);
    expect(await ids({ starting_after: ofAuth.id })).toEqual([ofBilling.id]);
    expect(await ids({ service: 'billing', ending_before: ofBilling.id })).toEqual([]);
  });

  it('count what is open, what was healed today, and what waits for a decision', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events, healing_verdicts');
    const now = Date.now();
    const healed = await remember(now % (24 * HOUR_MS), {});
    const asked = await remember(0, { decided_by: 'human' }, true);
    await remember((now % (24 * HOUR_MS)) + 60_000, {});
    // The live state no longer holds it, and nobody has resolved it.
    const waits = await remember(200 * HOUR_MS, { status: 'escalated', resolved_at: null }, true);
    // Left behind by a healer that ended: nobody drives it any more, and the live state does not have it.
    await remember(300 * HOUR_MS, { status: 'acting', resolved_at: null });
    await query(
      `insert into healing_verdicts values
         ('ver_1', 'f1', 'billing', 's', 'r', 'unknown', 'ESCALATE', 0.5, '{}', 'm', '1', 'suggested', null, now(), now()),
         ('ver_2', 'f2', 'billing', 's', 'r', 'unknown', 'ESCALATE', 0.5, '{}', 'm', '1', 'rejected', 'ada', now(), now())`,
    );
    expect(await fixture.monitorBus.request(countHealing, {})).toMatchObject({
      ...{ open_incidents: 1, escalated_incidents: 1, latest_open: null, pauses: 0, all_paused: false },
      history: { resolved_today: 2, auto_resolved_today: 1, open_verdicts: 1 },
    });
    const ids = async (filter: object) =>
      (await admin().request(listIncidents, { limit: 100, ...filter })).data.map(({ id }) => id);
    expect(await ids({ status: 'unresolved' })).toEqual([waits.id]);
    expect(await ids({ status: 'unresolved', service: 'auth' })).toEqual([]);
    const midnight = new Date(now - (now % (24 * HOUR_MS))).toISOString();
    expect(await ids({ status: 'resolved', from: midnight })).toEqual([asked.id, healed.id]);
  });

  it('show experiments with the last run of each, by the labels of incidents', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events');
    await remember(3 * HOUR_MS, { experiment: 'chaos: service-kill billing' }, true);
    const last = await remember(2 * HOUR_MS, { experiment: 'chaos: service-kill billing' });
    await remember(HOUR_MS, { experiment: 'a label of another kind' });
    const experiments = await admin().request(listExperiments, {});
    const kill = experiments.data.find(({ name }) => name === 'service-kill');
    expect(kill?.blast_radius).toMatch(/one service/);
    expect(kill?.results).toEqual([
      {
        target: 'billing',
        at: last.observed_at,
        outcome: 'healed',
        incident_id: last.id,
        detect_ms: 400,
        heal_ms: 1000,
      },
    ]);
    expect(await admin().request(getScorecard, {})).toMatchObject({
      ...{ runs: 1, healed: 1, last_run_at: last.observed_at },
      time_to_heal: { p50_ms: 1000, p95_ms: 1000 },
    });
  });

  it('read a thousand incidents and ten thousand deeds by index, page by page', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events');
    const { id: _id, ...template } = await remember(HOUR_MS, {});
    await query(
      `insert into healing_incidents (id, revision, status, signal, target_kind, target_name, target_process, title,
         began_at, observed_at, resolved_at, snapshot)
       select 'inc_0' || lpad(n::text, 21, '0'), 1, 'resolved', 'instance.stalled', 'service', 'auth', 'auth', 't', now(), now(),
         now(), json_build_object('id', 'inc_0' || lpad(n::text, 21, '0')) from generate_series(1, 1000) n`,
    );
    expect(template.status).toBe('resolved');
    await query(
      `insert into healing_actions (id, incident_id, remedy, target_kind, target_name, target_process, state, epoch, intended_at)
       select 'act_' || n, 'inc_0' || lpad((1 + n % 1000)::text, 21, '0'), 'observe-only', 'service', 'auth', 'auth', 'done', 1,
         now() - make_interval(secs => n) from generate_series(1, 10000) n`,
    );
    await query('analyze healing_incidents, healing_actions');
    const plan = async (sql: string) => JSON.stringify(await query(`explain (format json) ${sql}`));
    expect(await plan('select id from healing_incidents order by id desc limit 101')).not.toMatch(
      /Seq Scan|"Sort"/,
    );
    expect(
      await plan(
        'select id from healing_actions a where (a.intended_at, a.id) < (now(), $$a$$) order by a.intended_at desc, a.id desc limit 101',
      ),
    ).not.toMatch(/Seq Scan|"Sort"/);
    const first = await admin().request(listHealingActions, { limit: 100 });
    expect([first.data[0]?.id, first.has_more]).toEqual(['act_1', true]);
    const next = await admin().request(listHealingActions, { limit: 100, starting_after: 'act_100' });
    expect(next.data[0]?.id).toBe('act_101');
    const back = await admin().request(listHealingActions, { limit: 100, ending_before: 'act_101' });
    expect(back.data).toEqual(first.data);
    expect((await admin().request(listHealingActions, { remedy: 'page-human' })).data).toEqual([]);
  });

  // After the counts of made-up incidents: the healer goes on writing about a real one after it is resolved.
  it('show what was really healed: the action, its incident, and what partners may know of it', async () => {
    await query('truncate healing_incidents, healing_actions, healing_events, healing_error_hours');
    await fixture.report(symptom('instance.restarted'));
    const action = await eventually(
      async () => {
        const { data } = await admin().request(listHealingActions, {});
        expect(data[0]).toMatchObject({ state: 'done', incident_status: 'resolved' });
        return data[0]!;
      },
      { timeoutMs: 30_000 },
    );
    const [incident] = (await admin().request(listIncidents, {})).data;
    expect(action).toMatchObject({
      incident_id: incident!.id,
      target: incident!.cause.target,
      remedy: incident!.actions[0]!.remedy,
    });
    const stats = await admin().request(getHealingStats, {});
    expect(stats).toMatchObject({ incidents: 1, open: 0, auto_resolved: 1, escalated: 0, success_rate: 1 });
    expect(stats.time_to_heal.p50_ms).toBe(
      Date.parse(incident!.resolved_at!) - Date.parse(incident!.observed_at),
    );
    expect(stats.by_remedy).toEqual([{ remedy: action.remedy, done: 1, failed: 0, other: 0 }]);

    const principal = keyOf(newId('partner'));
    const { data: shown } = await gateway.request(listServiceIncidents, {}, { principal });
    expect(shown).toMatchObject([{ id: incident!.id, services: ['usage'], status: 'resolved' }]);
    // Nothing of the inside: no process, no remedy, no signal.
    expect(JSON.stringify(shown)).not.toMatch(/billing|instance|restart|postgres|nats/);
    const monitor = fixture.monitorBus;
    expect(await monitor.request(getHealingSummary, {})).toMatchObject({
      ...{ auto_resolved: 1, escalated: 0, open_incidents: 0, open: [] },
      last_healed: { id: incident!.id },
    });
  });

  it('count what is open while PostgreSQL is away, and say that the rest is unknown', async () => {
    await admin().request(createPause, { scope: 'all', reason: 'Nothing may be restarted here' });
    await postgres.kill9();
    try {
      // An incident of the killed server itself may be open by then.
      await eventually(async () =>
        expect(await fixture.monitorBus.request(countHealing, {}, { deadlineMs: 500 })).toMatchObject({
          ...{ pauses: 1, all_paused: true, history: null, open_incidents: expect.any(Number) },
        }),
      );
    } finally {
      await postgres.restart();
    }
  });
});
