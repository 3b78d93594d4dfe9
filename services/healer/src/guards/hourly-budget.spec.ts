import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { withinHourlyBudget } from './hourly-budget.ts';

const act = { id: 'a', incidentId: 'i', rule: 'r', remedy: 'platform.restart' as const, target: billing };
const acts = (count: number, now: number, ago: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `act_${index}`,
    incident_id: 'inc',
    rule: 'r',
    remedy: 'platform.restart' as const,
    name: 'billing',
    process: 'billing',
    at: new Date(now - ago).toISOString(),
    state: 'ended' as const,
  }));

describe('the hourly budget', () => {
  const now = Date.UTC(2026, 0, 5, 10);
  const limits = { perRule: 3, perService: 5 };

  it('of a rule and of a service is used up', () => {
    expect(withinHourlyBudget(act, acts(2, now, 1000), limits, now).allowed).toBe(true);
    expect(withinHourlyBudget(act, acts(3, now, 1000), limits, now)).toMatchObject({
      allowed: false,
      next: 'suggest',
    });
    const others = acts(5, now, 1000).map((one) => ({ ...one, rule: 'another' }));
    expect(withinHourlyBudget(act, others, limits, now).allowed).toBe(false);
    const elsewhere = others.map((one) => ({ ...one, name: 'auth' }));
    expect(withinHourlyBudget(act, elsewhere, limits, now).allowed).toBe(true);
  });

  it('comes back after an hour', () => {
    expect(withinHourlyBudget(act, acts(9, now, 3_600_000), limits, now).allowed).toBe(true);
  });

  it('above it nothing is done and the incident is escalated', async () => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      async (_world, { context }) => {
        for (const id of ['1', '2']) {
          const one = { ...act, id, target: { ...billing, process: `billing-${id}` } };
          await context.ledger.reserve(one, () => ({ allowed: true }));
        }
        await context.ledger.settle('i', 'ended');
      },
      { actsPerServicePerHour: 2 },
    );
    expectRefusal(healed, /billing was acted on 2 times within an hour/);
  });
});
