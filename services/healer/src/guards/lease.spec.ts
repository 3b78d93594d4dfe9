import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { symptom } from '../../test/symptoms.ts';
import { type Lease, LeaseKeeper } from './lease.ts';

const fixture = () => {
  const bucket = new MemoryBucket<Lease>();
  const time = { now: Date.UTC(2026, 0, 5, 10) };
  const keeper = (instance: string, boot = '1') =>
    new LeaseKeeper(bucket, { instance, boot }, 5000, () => time.now);
  return { bucket, time, keeper };
};
const epochOf = (outcome: Awaited<ReturnType<LeaseKeeper['acquire']>>) => {
  if (!outcome.held) throw new Error('not held');
  return outcome.epoch;
};

describe('the lease of a process', () => {
  it('is held by one healer for one incident', async () => {
    const { keeper } = fixture();
    expect(await keeper('healer').acquire('billing', 'inc_1')).toMatchObject({ held: true });
    expect(await keeper('healer-2').acquire('billing', 'inc_1')).toMatchObject({
      held: false,
      by: { instance: 'healer' },
    });
    expect(await keeper('healer').acquire('billing', 'inc_2')).toMatchObject({
      held: false,
      by: { incident_id: 'inc_1' },
    });
    expect(await keeper('healer-2').acquire('auth', 'inc_2')).toMatchObject({ held: true });
  });

  it('keeps its epoch while it is renewed, and has a higher one after every change of hands', async () => {
    const { keeper, time } = fixture();
    const first = epochOf(await keeper('healer').acquire('billing', 'inc_1'));
    time.now += 3000;
    expect(epochOf(await keeper('healer').acquire('billing', 'inc_1'))).toBe(first);
    time.now += 5001;
    const second = epochOf(await keeper('healer-2').acquire('billing', 'inc_1'));
    expect(second).toBeGreaterThan(first);
    expect(await keeper('healer').acquire('billing', 'inc_1')).toMatchObject({ held: false });
    await keeper('healer-2').release('billing', 'inc_1');
    expect(epochOf(await keeper('healer').acquire('billing', 'inc_3'))).toBeGreaterThan(second);
  });

  it('passes at once to the successor of a dead healer of the same name', async () => {
    const { keeper } = fixture();
    const first = epochOf(await keeper('healer', '1').acquire('billing', 'inc_1'));
    expect(epochOf(await keeper('healer', '2').acquire('billing', 'inc_1'))).toBeGreaterThan(first);
  });

  it('is released only by who holds it', async () => {
    const { keeper } = fixture();
    await keeper('healer').acquire('billing', 'inc_1');
    await keeper('healer-2').release('billing', 'inc_1');
    await keeper('healer').release('billing', 'inc_2');
    expect(await keeper('healer-2').acquire('billing', 'inc_1')).toMatchObject({ held: false });
  });

  it('never has one epoch twice, whatever two healers and the clock do', async () => {
    const step = fc.record({
      who: fc.nat(1),
      what: fc.constantFrom('acquire', 'release'),
      ms: fc.integer({ min: -2000, max: 8000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step), async (steps) => {
        const { keeper, time } = fixture();
        const keepers = [keeper('healer'), keeper('healer-2')];
        const holderOf = new Map<number, number>();
        let highest = 0;
        for (const { who, what, ms } of steps) {
          time.now += ms;
          if (what === 'release') await keepers[who]!.release('billing', 'inc_1');
          else {
            const outcome = await keepers[who]!.acquire('billing', 'inc_1');
            if (!outcome.held) continue;
            expect(holderOf.get(outcome.epoch) ?? who).toBe(who);
            expect(outcome.epoch).toBeGreaterThanOrEqual(highest);
            holderOf.set(outcome.epoch, who);
            highest = outcome.epoch;
          }
        }
      }),
    );
  });

  it('that another healer holds keeps the remedy from being done', async () => {
    const world = new SimulatedHealing();
    const healer = world.healer('healer');
    world.unhealthy.add('billing');
    const other = new LeaseKeeper(world.leaseBucket, { instance: 'healer-9', boot: '1' }, 60_000, Date.now);
    await other.acquire('billing', 'inc_elsewhere');
    await healer.intake.observe(symptom('instance.unresponsive'), null);
    await eventually(() => world.records().length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.acts).toEqual([]);
    await other.release('billing', 'inc_elsewhere');
    await eventually(() => world.mails.length === 1);
    await world.stop();
    expect(world.acts.map(({ remedy }) => remedy)).toEqual(['platform.restart']);
  });
});
