import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import type { Act } from './act.ts';
import { fewAtOnce } from './few-at-once.ts';
import type { ProposedAct } from './guard-decision.ts';

const now = Date.UTC(2026, 0, 5, 10);
const act: ProposedAct = {
  id: 'a',
  incidentId: 'inc_1',
  rule: 'r',
  remedy: 'platform.restart',
  target: billing,
};
const running = (name: string, process: string, more: Partial<Act> = {}): Act => ({
  id: 'b',
  incident_id: 'inc_2',
  rule: 'r',
  remedy: 'platform.restart',
  name,
  process,
  at: new Date(now - 1000).toISOString(),
  state: 'running',
  ...more,
});

describe('few at once', () => {
  it('is one of a service, however large the fleet', () => {
    expect(fewAtOnce(act, [running('billing', 'billing-2')], 100, now)).toMatchObject({
      allowed: false,
      next: 'wait',
    });
  });

  it('is a tenth of the fleet, or one', () => {
    expect(fewAtOnce(act, [running('auth', 'auth')], 7, now).allowed).toBe(false);
    expect(fewAtOnce(act, [running('auth', 'auth')], 19, now).allowed).toBe(false);
    expect(fewAtOnce(act, [running('auth', 'auth')], 20, now).allowed).toBe(true);
    expect(fewAtOnce(act, [], 0, now).allowed).toBe(true);
  });

  it('counts neither acts that are not disruptive, nor ended acts, nor acts of the same incident', () => {
    expect(
      fewAtOnce({ ...act, remedy: 'instance.reset-connections' }, [running('auth', 'auth')], 1, now).allowed,
    ).toBe(true);
    expect(fewAtOnce(act, [running('auth', 'auth', { state: 'ended' })], 1, now).allowed).toBe(true);
    expect(fewAtOnce(act, [running('auth', 'auth', { incident_id: 'inc_1' })], 1, now).allowed).toBe(true);
    const forgotten = running('auth', 'auth', { at: new Date(now - 60_000).toISOString() });
    expect(fewAtOnce(act, [forgotten], 1, now).allowed).toBe(true);
  });

  it('makes the second wait until the first is verified as healthy', async () => {
    const world = new SimulatedHealing();
    const { intake } = world.healer();
    for (const process of ['billing', 'billing-2', 'auth']) world.unhealthy.add(process);
    world.actMs = 30;
    await intake.observe(symptom('instance.unresponsive'), null);
    await intake.observe(symptom('instance.unresponsive', { ...billing, process: 'billing-2' }), null);
    await intake.observe(
      symptom('instance.unresponsive', { kind: 'service', name: 'auth', process: 'auth' }),
      null,
    );
    await eventually(() => world.mails.length === 3);
    await world.stop();
    expect(world.acts.map(({ target }) => target.process).sort()).toEqual(['auth', 'billing', 'billing-2']);
    const moments = world.acts.map(({ at }) => at).sort();
    expect(moments[1]! - moments[0]!).toBeGreaterThanOrEqual(30);
    expect(moments[2]! - moments[1]!).toBeGreaterThanOrEqual(30);
    expect(world.mails.every(({ status }) => status === 'resolved')).toBe(true);
  });

  it('escalates when the turn never comes', async () => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      async (_world, { context }) => {
        const blocker = { ...act, incidentId: 'inc_9', target: { ...billing, process: 'billing-2' } };
        await context.ledger.reserve(blocker, () => ({ allowed: true }));
        await sleep(1);
      },
      { patienceMs: 150 },
    );
    expectRefusal(healed, /billing-2 of the same service is being treated/);
  });
});
