import type { PoolChange } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { describeChange, PoolAnnotator } from './pool-annotator.ts';

const AT = '2026-11-29T17:00:00.250Z';
const change = (from: string, to: string, more: Partial<PoolChange['changes'][number]> = {}) =>
  ({ at: AT, from, to, in_use: 17, queued: 0, max: 20, ...more }) as PoolChange['changes'][number];
const totals = { queued_total: 12, refused_total: 3 };

describe('the sentence of a change', () => {
  it.each([
    [
      change('normal', 'warning'),
      /^17:00:00\.250: 85 % of the connections are in use \(17 of 20\): warning\. Normal/,
    ],
    [
      change('warning', 'emergency', { in_use: 20, queued: 9 }),
      /100 % .* \(20 of 20\), 9 requests wait: emergency\. Only critical requests get a connection/,
    ],
    [change('emergency', 'warning', { in_use: 11 }), /55 % .*: recovered\. Waiting requests are served/],
    [
      change('warning', 'normal', { in_use: 2 }),
      /10 % .*: normal\. .*12 requests waited and were served, 3 were refused/,
    ],
  ])('%j', (one, expected) => {
    expect(describeChange(one, totals)).toMatch(expected);
  });
});

describe('a pool that runs out', () => {
  let world: SimulatedHealing;
  let annotator: PoolAnnotator;
  beforeEach(() => {
    world = new SimulatedHealing();
    const { context } = world.healer();
    annotator = new PoolAnnotator(context.incidents, context.clock);
  });
  afterEach(() => world.stop());

  const story = () =>
    world
      .records()
      .flatMap(({ incident }) => incident.timeline.map(({ text }) => text))
      .filter((text) => text.includes(' of the connections are in use '))
      .map((text) => /: (warning|emergency|recovered|normal)\./.exec(text)?.[1]);
  const changed = (...changes: PoolChange['changes']): PoolChange => ({
    service: 'billing',
    instance: 'billing',
    changes: changes.map((one) => ({ ...one, at: new Date().toISOString() })),
    ...totals,
  });

  it('tells its story in its incident, also what came before monitor confirmed it', async () => {
    annotator.onPoolChange(changed(change('normal', 'warning'), change('warning', 'emergency')));
    await annotator.poll();
    expect(world.records()).toEqual([]);
    await world.healers[0]!.intake.observe(symptom('pool.exhausting', billing), null);
    await eventually(async () => {
      await annotator.poll();
      expect(story()).toEqual(['warning', 'emergency']);
    });
    annotator.onPoolChange(changed(change('emergency', 'warning'), change('warning', 'normal')));
    await annotator.poll();
    await annotator.poll();
    expect(story()).toEqual(['warning', 'emergency', 'recovered', 'normal']);
  });

  it('is not told in the incident of another process', async () => {
    await world.healers[0]!.intake.observe(symptom('pool.exhausting', billing), null);
    await eventually(() => expect(world.records()).toMatchObject([{ hold_until: null }]));
    annotator.onPoolChange({ ...changed(change('normal', 'warning')), instance: 'billing-2' });
    await annotator.poll();
    expect(story()).toEqual([]);
  });
});
