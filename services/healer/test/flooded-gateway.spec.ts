import type { Signal, Symptom, Target } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedHealing } from './simulated-healing.ts';
import { symptom } from './symptoms.ts';

const gateway: Target = { kind: 'service', name: 'gateway', process: 'gateway' };

describe('a flooded gateway', () => {
  let world: SimulatedHealing;
  let healer: ReturnType<SimulatedHealing['healer']>;
  beforeEach(() => {
    world = new SimulatedHealing();
    healer = world.healer('healer', { observeTarget: { everyMs: 10, steadyMs: 15, forMs: 60_000 } });
    world.unhealthy.add('gateway');
  });
  afterEach(() => world.stop());

  const report = async (signal: Signal): Promise<Symptom> => {
    const one = symptom(signal, gateway);
    await healer.intake.observe(one, null);
    return one;
  };
  const clear = (one: Symptom) =>
    healer.intake.observe({ ...one, state: 'cleared', observed_at: new Date().toISOString() }, null);
  const done = () =>
    world.acts.map(({ remedy }) => remedy).filter((one) => one !== 'page-human' && one !== 'observe-only');
  const only = () => {
    const [record, ...others] = world.records();
    expect(others).toEqual([]);
    return record!.incident;
  };

  it.each(['instance.stalled', 'http.unresponsive'] as const)(
    'is not restarted because of %s, and its one incident says why',
    async (signal) => {
      const flood = await report('gateway.overloaded');
      const held = await report(signal);
      await eventually(() => expect(only().symptoms).toHaveLength(2));
      await eventually(() => expect(world.mails).toHaveLength(1));
      expect(
        only()
          .timeline.map(({ text }) => text)
          .join(' '),
      ).toContain('a restart does not end a flood');
      world.unhealthy.delete('gateway');
      await clear(held);
      await clear(flood);
      await eventually(() => expect(only()).toMatchObject({ status: 'resolved' }));
      expect(done()).toEqual([]);
      expect(world.mails).toHaveLength(1);
    },
  );

  it('is not restarted when it is held up before the flood is seen', async () => {
    const held = await report('instance.stalled');
    await eventually(() => expect(world.records()[0]?.hold_until).toBeNull());
    const flood = await report('gateway.overloaded');
    await eventually(() => expect(only().cause.signal).toBe('gateway.overloaded'));
    await eventually(() => expect(world.mails).toHaveLength(1));
    expect(done()).toEqual([]);
    expect(
      only()
        .timeline.map(({ text }) => text)
        .join(' '),
    ).toContain('a restart does not end a flood');

    // The flood is over and the process still hangs: that is treated now.
    await clear(flood);
    await eventually(() => expect(done()).toEqual(['platform.replace']));
    await clear(held);
    await eventually(() => expect(only()).toMatchObject({ status: 'resolved' }));
    expect(done()).toEqual(['platform.replace']);
    expect(world.mails).toHaveLength(1);
  });
});
