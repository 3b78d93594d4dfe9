import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import type { Act } from './act.ts';
import { cooledDown } from './cooldown.ts';
import type { ProposedAct } from './guard-decision.ts';

const now = Date.UTC(2026, 0, 5, 10);
const proposed: ProposedAct = {
  id: 'act_2',
  incidentId: 'inc_2',
  rule: 'r',
  remedy: 'platform.restart',
  target: billing,
};
const earlier = (more: Partial<Act>, ago = 5000): Act => ({
  id: 'act_1',
  incident_id: 'inc_1',
  rule: 'r',
  remedy: 'platform.restart',
  name: 'billing',
  process: 'billing',
  at: new Date(now - ago).toISOString(),
  state: 'ended',
  ...more,
});

describe('the cooldown', () => {
  it('refuses the same remedy on the same process until it has passed', () => {
    expect(cooledDown(proposed, [earlier({})], 15_000, now)).toMatchObject({
      allowed: false,
      guard: 'cooldown',
    });
    expect(cooledDown(proposed, [earlier({}, 15_000)], 15_000, now).allowed).toBe(true);
    expect(cooledDown(proposed, [earlier({}, 60_000), earlier({}, 1000)], 15_000, now).allowed).toBe(false);
  });

  it.each([{ process: 'billing-2' }, { remedy: 'instance.drain-and-exit' }, { state: 'unknown' }] as const)(
    'does not count %j',
    (more) => expect(cooledDown(proposed, [earlier(more)], 15_000, now).allowed).toBe(true),
  );

  it('keeps a restart that did not help from being repeated', async () => {
    const healed = await meet(symptom('instance.unresponsive'), (world) => {
      world.cure = () => undefined;
    });
    expect(healed.done).toEqual(['platform.restart']);
    expect(healed.incident.status).toBe('escalated');
    expect(healed.incident.actions.map(({ state }) => state)).toEqual(['done', 'suggested']);
    expect(healed.incident.actions[1]!.outcome).toMatch(/may be repeated after/);
  });

  it('holds for the next incident of the process, too', async () => {
    const healed = await meet(symptom('instance.unresponsive'), async (_world, { context }) => {
      const act = { ...proposed, id: 'act_0', incidentId: 'inc_0' };
      await context.ledger.reserve(act, () => ({ allowed: true }));
      await context.ledger.settle('inc_0', 'ended');
    });
    expectRefusal(healed, /platform.restart was done to billing .* ago/);
  });
});
