import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import type { HealingEventPublisher } from '../state/healing-event-publisher.ts';
import { FLEET_BREAKER } from './fleet-breaker.ts';
import type { ProposedAct } from './guard-decision.ts';
import { RemovePauseHandler } from './remove-pause.handler.ts';

const act = (id: string): ProposedAct => ({
  id,
  incidentId: id,
  rule: 'r',
  remedy: 'platform.restart',
  target: { ...billing, name: 'support', process: `support-${id}` },
});
const wearOut = async (healer: ReturnType<SimulatedHealing['healer']>, times: number) => {
  for (let i = 0; i < times; i++) {
    await healer.context.ledger.reserve(act(String(i)), () => ({ allowed: true }));
    await healer.context.ledger.settle(String(i), 'ended');
  }
};
const limits = { fleetBreaker: { limit: 3, windowMs: 60_000 } };

describe('the fleet breaker', () => {
  it('lets things be done below its limit', async () => {
    const healed = await meet(
      symptom('instance.unresponsive'),
      (_world, healer) => wearOut(healer, 2),
      limits,
    );
    expect(healed.done).toEqual(['platform.restart']);
  });

  it('opens at its limit, and pauses everything', async () => {
    let pauses: unknown[] = [];
    const healed = await meet(
      symptom('instance.unresponsive'),
      async (_world, healer) => {
        await wearOut(healer, 3);
        pauses = await healer.context.pauses.read();
      },
      limits,
    );
    expectRefusal(healed, /3 processes were taken away within/);
    expect(pauses).toEqual([]);
  });

  it('stays open, even for acts that are not disruptive, until a human closes it', async () => {
    const world = new SimulatedHealing();
    const healer = world.healer('healer', limits);
    await wearOut(healer, 3);
    world.unhealthy.add('billing');
    await healer.intake.observe(symptom('instance.unresponsive'), null);
    const { pauses, ledger } = healer.context;
    await eventually(() => world.mails.length === 1);
    const [pause] = await pauses.read();
    expect(pause).toMatchObject({ scope: 'all', effect: 'pause', created_by: FLEET_BREAKER });
    expect(world.acts.filter(({ remedy }) => remedy === 'platform.restart')).toEqual([]);

    await new RemovePauseHandler(pauses, ledger, {
      publish: () => undefined,
    } as unknown as HealingEventPublisher).handle({ id: pause!.id });
    world.unhealthy.clear();
    world.unhealthy.add('auth');
    await healer.intake.observe(
      symptom('instance.unresponsive', { kind: 'service', name: 'auth', process: 'auth' }),
      null,
    );
    await eventually(() => world.mails.length === 2);
    await world.stop();
    expect(world.acts.filter(({ remedy }) => remedy === 'platform.restart')).toMatchObject([
      { target: { name: 'auth' } },
    ]);
  });
});
