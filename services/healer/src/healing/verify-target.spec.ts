import type { IncidentAction, Pulse } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { FAST_LIMITS } from '../../test/simulated-healing.ts';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import { joinSymptom, openIncident } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { resolve } from '../incidents/treatment.ts';
import { PLAYBOOK, ruleFor } from '../playbook/playbook.ts';
import { bad, good, type ProbeResult, unknown } from '../verification/probe.ts';
import { PulseRegistry } from '../verification/pulse-registry.ts';
import type { HealingContext } from './healing-context.ts';
import { type Before, verifyTarget } from './verify-target.ts';

const action: IncidentAction = {
  id: 'act_1',
  remedy: 'platform.restart',
  target: billing,
  state: 'done',
  epoch: 1,
  intended_at: new Date(Date.now() - 1000).toISOString(),
  ended_at: new Date(Date.now() - 1000).toISOString(),
  outcome: 'did',
};
const pulse = (instance: string, state: Pulse['state'] = 'ready', sequence = 1): Pulse => ({
  service: instance as Pulse['service'],
  instance,
  boot_id: `${instance}-boot`,
  pid: 1,
  started_at: new Date(0).toISOString(),
  sent_at: new Date(0).toISOString(),
  sequence,
  state,
  health_url: 'http://127.0.0.1:1',
  resident_bytes: 1,
  event_loop_lag_ms: 1,
  in_flight: 0,
  requests: { ok: 0, failed: 0 },
  dependencies: [{ name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: null }],
  degraded: [],
});

/** A verification of a restart of billing (or of another first symptom), with this state of the world. */
async function verify(world: {
  probe?: (process: string) => ProbeResult;
  pulses?: Pulse[];
  before?: Partial<Before>;
  record?: IncidentRecord;
  others?: IncidentRecord[];
  latest?: (record: IncidentRecord) => IncidentRecord;
}) {
  const options = { now: Date.now(), holdUntil: null, traceparent: null, traceId: null, experiment: null };
  const record = world.record ?? openIncident(symptom('instance.unresponsive'), options);
  const pulses = new PulseRegistry(Date.now);
  for (const one of world.pulses ?? [pulse('billing')]) pulses.onPulse(one);
  const context = {
    clock: Date.now,
    limits: FAST_LIMITS,
    logger: { log: () => undefined },
    pulses,
    prober: {
      probe: async ({ process }: { process: string }) => world.probe?.(process) ?? good('it answers', 'new'),
    },
    incidents: {
      all: () => [record, ...(world.others ?? [])],
      get: () => (world.latest ?? ((same: IncidentRecord) => same))(record),
    },
  } as unknown as HealingContext;
  const rule = ruleFor(PLAYBOOK, record.treating.signal, record.treating.target);
  const rung = {
    remedy: 'platform.restart' as const,
    cooldownMs: 0,
    stabilisationMs: 10,
    verifyTimeoutMs: 60,
  };
  const before = { healthy: [], boot: null, ...world.before };
  return verifyTarget(context, record, { rule, rung, action }, before, new AbortController().signal);
}
const opened = (first = symptom('server.unresponsive', postgres)) =>
  openIncident(first, {
    now: Date.now(),
    holdUntil: null,
    traceparent: null,
    traceId: null,
    experiment: null,
  });

describe('a verification', () => {
  it('finds the target healthy', async () => {
    expect(await verify({})).toMatchObject({ outcome: 'healthy' });
  });

  it('never counts an unknown result as healthy', async () => {
    expect(await verify({ probe: () => unknown('nothing seen') })).toEqual({
      outcome: 'unhealthy',
      why: 'unknown: nothing seen',
    });
    expect(await verify({ pulses: [] })).toMatchObject({
      outcome: 'unhealthy',
      why: expect.stringContaining('no pulse'),
    });
    expect(await verify({ probe: () => bad('it hangs') })).toMatchObject({
      outcome: 'unhealthy',
      why: 'bad: it hangs',
    });
  });

  it('is not fooled by the process that was to be ended', async () => {
    expect(await verify({ before: { boot: 'new' } })).toMatchObject({
      outcome: 'unhealthy',
      why: 'billing has not ended yet',
    });
    expect(await verify({ before: { boot: 'old' } })).toMatchObject({ outcome: 'healthy' });
  });

  it('fails when a neighbour is worse than before', async () => {
    const pulses = [pulse('billing'), pulse('auth', 'not-ready')];
    const before = { healthy: ['billing', 'auth'] };
    expect(await verify({ pulses, before })).toEqual({
      outcome: 'unhealthy',
      why: 'auth was healthy before and is not now',
    });
    expect(await verify({ pulses, before: { healthy: ['billing'] } })).toMatchObject({ outcome: 'healthy' });
  });

  it('blames no neighbour that said goodbye or has an incident of its own', async () => {
    const before = { healthy: ['billing', 'auth'] };
    const gone = [pulse('billing'), pulse('auth'), pulse('auth', 'stopped', 2)];
    expect(await verify({ pulses: gone, before })).toMatchObject({ outcome: 'healthy' });
    const others = [opened(symptom('instance.stalled', { kind: 'service', name: 'auth', process: 'auth' }))];
    const pulses = [pulse('billing'), pulse('auth', 'not-ready')];
    expect(await verify({ pulses, before, others })).toMatchObject({ outcome: 'healthy' });
  });

  it('names the dependent that stays unhealthy beside its healthy cause', async () => {
    const record = joinSymptom(opened(), symptom('instance.not-ready', billing), Date.now());
    const probe = (process: string) => (process === 'billing' ? bad('not ready') : good('it answers'));
    expect(await verify({ record, probe })).toMatchObject({
      outcome: 'dependent-unhealthy',
      dependent: { signal: 'instance.not-ready', target: billing },
    });
    expect(await verify({ record })).toMatchObject({ outcome: 'healthy' });
  });

  it('ends when the incident went another way', async () => {
    const latest = (record: IncidentRecord) => resolve(record, 'elsewhere', Date.now());
    expect(await verify({ latest, probe: () => bad('x') })).toEqual({ outcome: 'superseded' });
  });
});
