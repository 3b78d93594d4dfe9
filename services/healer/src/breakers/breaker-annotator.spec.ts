import type { BreakerChange } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { capture, captured } from '../../test/caught-errors.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { postgres, symptom } from '../../test/symptoms.ts';
import { BreakerAnnotator } from './breaker-annotator.ts';

const change = (to: BreakerChange['to'], more: Partial<BreakerChange> = {}): BreakerChange => ({
  service: 'billing',
  instance: 'billing',
  breaker: 'postgres',
  from: 'closed',
  to,
  mode: 'auto',
  reason: '5 failures in a row',
  at: new Date().toISOString(),
  ...more,
});

describe('breakers that open', () => {
  let world: SimulatedHealing;
  let annotator: BreakerAnnotator;
  beforeEach(() => {
    world = new SimulatedHealing();
    const { context } = world.healer();
    annotator = new BreakerAnnotator(context.incidents, context.clock);
  });
  afterEach(() => world.stop());
  const reported = () =>
    world
      .records()
      .flatMap(({ incident }) => incident.timeline.map(({ text }) => text))
      .filter((text) => text.includes('breaker'));

  it('are no incident by themselves', async () => {
    annotator.onBreakerChange(change('open'));
    await annotator.poll();
    expect(world.records()).toEqual([]);
  });

  it('wait for the incident that caused them, and appear in its timeline once, even if they flap', async () => {
    annotator.onBreakerChange(change('open'));
    await annotator.poll();
    await world.healers[0]!.intake.observe(symptom('server.restarted', postgres), null);
    await eventually(() => world.mails.length === 1);
    for (const to of ['half-open', 'closed', 'open', 'closed'] as const)
      annotator.onBreakerChange(change(to));
    await Promise.all([annotator.poll(), annotator.poll()]);
    await annotator.poll();
    expect(reported()).toEqual([
      expect.stringMatching(
        /^billing opened its breaker for calls to postgres at .*: 5 failures in a row\.$/,
      ),
      expect.stringMatching(/^billing closed its breaker for calls to postgres at /),
    ]);
    expect(world.mails).toHaveLength(1);
  });

  it('appear in the timeline of the errors that opened them', async () => {
    const { captures } = world.healers[0]!;
    await captures.take(
      captured(capture({ healed: 0, dependency: 'auth', source: 'gateway.rpc.auth' }), 'gateway'),
    );
    await eventually(() => expect(world.records()).toMatchObject([{ hold_until: null }]));
    annotator.onBreakerChange(
      change('open', { service: 'gateway', instance: 'gateway', breaker: 'rpc.auth' }),
    );
    annotator.onBreakerChange(
      change('open', { service: 'gateway', instance: 'gateway', breaker: 'rpc.support' }),
    );
    await annotator.poll();
    expect(reported()).toEqual([expect.stringMatching(/^gateway opened its breaker for calls to auth/)]);
  });
});
