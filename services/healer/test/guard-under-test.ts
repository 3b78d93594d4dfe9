import type { Incident, Pause, RemedyName, Symptom } from '@gridworks/contracts';
import { newId } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { expect } from '@jest/globals';
import { isHarmless } from '../src/guards/guard-decision.ts';
import type { HealingLimits } from '../src/healing/healing-limits.ts';
import { SimulatedHealing } from './simulated-healing.ts';

export const pause = (scope: string, more: Partial<Pause> = {}): Pause => ({
  object: 'pause',
  id: newId('pause'),
  scope,
  effect: 'pause',
  reason: 'a deploy',
  trains: false,
  created_by: 'usr_test',
  created_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 60_000).toISOString(),
  ...more,
});

export interface Healed {
  readonly incident: Incident;
  /** What was really done; looking on and asking a human left out. */
  readonly done: readonly RemedyName[];
  readonly mails: readonly { status: Incident['status'] }[];
}

/**
 * Gives a healer a symptom of a process that stays unhealthy, in a world that the test has prepared, and
 * waits for the end. A guard is tested by what was *not* done: its mere existence proves nothing.
 */
export async function meet(
  one: Symptom,
  prepare: (world: SimulatedHealing, healer: ReturnType<SimulatedHealing['healer']>) => Promise<void> | void,
  limits: Partial<HealingLimits> = {},
  instance = 'healer',
): Promise<Healed> {
  const world = new SimulatedHealing();
  try {
    const healer = world.healer(instance, limits);
    world.unhealthy.add(one.target.process);
    await prepare(world, healer);
    const before = world.acts.length;
    await healer.intake.observe(one, null);
    const find = () =>
      world.records().find(({ incident }) => incident.symptoms.some(({ id }) => id === one.id))!;
    await eventually(() => find().mail?.sent === true);
    return {
      incident: find().incident,
      done: world.acts
        .slice(before)
        .map(({ remedy }) => remedy)
        .filter((remedy) => !isHarmless(remedy)),
      mails: world.mails.filter(({ id }) => id === find().incident.id),
    };
  } finally {
    await world.stop();
  }
}

/** Nothing was done, the act was suggested, and a human was paged. */
export function expectRefusal({ done, incident, mails }: Healed, reason: RegExp): void {
  expect(done).toEqual([]);
  expect(incident.status).toBe('escalated');
  expect(incident.actions.map(({ state }) => state)).toEqual(['suggested']);
  expect(incident.actions[0]!.outcome).toMatch(reason);
  expect(incident.timeline.map(({ what }) => what)).toContain('guarded');
  expect(mails).toEqual([expect.objectContaining({ status: 'escalated' })]);
}
