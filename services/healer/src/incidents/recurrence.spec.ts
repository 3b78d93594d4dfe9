import type { Target } from '@gridworks/contracts';
import { renderIncidentMail } from '@gridworks/notifications';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pause } from '../../test/guard-under-test.ts';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { billing, postgres, symptom } from '../../test/symptoms.ts';

const limits = { chain: { limit: 3, windowMs: 600_000 } };

describe('a process that keeps ending', () => {
  let world: SimulatedHealing;
  let healer: ReturnType<SimulatedHealing['healer']>;
  beforeEach(() => {
    world = new SimulatedHealing();
    healer = world.healer('healer', limits);
  });
  afterEach(() => world.stop());

  const subjects = () =>
    world.mailed.map((incident) => renderIncidentMail(incident, { portalUrl: 'http://portal' }).subject);
  const settled = () =>
    eventually(() => {
      expect(world.records().map(({ incident }) => incident.status)).not.toContain('open');
      expect(
        world.records().every(({ incident, mail }) => incident.status === 'resolved' && mail?.sent),
      ).toBe(true);
    });
  /** The process ends, the platform restarts it, and monitor reports so. Then minutes pass. */
  const crash = async (target: Target = billing, thenMs = 43_000, signal?: 'instance.unresponsive') => {
    const now = world.clock();
    const restarted = target.kind === 'server' ? 'server.restarted' : 'instance.restarted';
    await healer.intake.observe(
      symptom(signal ?? restarted, target, {
        began_at: new Date(now - Math.min(1200, thenMs / 2)).toISOString(),
        observed_at: new Date(now).toISOString(),
      }),
      null,
    );
    await settled();
    world.aheadMs += thenMs;
  };

  it.each([billing, postgres])('is one incident and one mail ACTION NEEDED: $name', async (target) => {
    for (let i = 0; i < 11; i++) await crash(target);
    await healer.mailer.stop();
    expect(subjects().map((subject) => subject.replace(/, healed in .*/, ''))).toEqual([
      ...Array.from({ length: 3 }, () => `[AUTO-RESOLVED] ${target.process} ended and was started again`),
      `[ACTION NEEDED] ${target.process} keeps ending, works again for now`,
    ]);
    const records = world.records();
    expect(records).toHaveLength(4);
    expect(records[0]!.incident).toMatchObject({
      recurring: true,
      status: 'resolved',
      title: `${target.process} keeps ending`,
    });
    expect(records[0]!.incident.timeline.filter(({ what }) => what === 'reopened')).toHaveLength(7);
    // Nothing was ever refused, since nothing was ever taken away from anybody.
    expect(world.acts.map(({ remedy }) => remedy)).toEqual(
      Array.from({ length: 11 }, () => 'platform.ensure-running'),
    );
    expect(records.flatMap(({ incident }) => incident.actions.map(({ state }) => state))).not.toContain(
      'suggested',
    );
  });

  it('so fast that it is one incident from the beginning is escalated, too', async () => {
    for (let i = 0; i < 11; i++) await crash(billing, 30);
    await eventually(() => expect(subjects().join()).toContain('ACTION NEEDED'));
    await healer.mailer.stop();
    expect(subjects().filter((subject) => subject.includes('ACTION NEEDED'))).toEqual([
      '[ACTION NEEDED] billing keeps ending, works again for now',
    ]);
    expect(subjects().length).toBeLessThanOrEqual(4);
  });

  it('for days has incidents of bounded size, and still one mail', async () => {
    for (let i = 0; i < 60; i++) await crash(billing, 60_000);
    await healer.mailer.stop();
    expect(subjects()).toHaveLength(4);
    for (const { incident } of world.records()) {
      expect(incident.timeline.length).toBeLessThan(170);
      expect(incident.symptoms.length).toBeLessThanOrEqual(20);
    }
  }, 30_000);

  it('and then does not come back is worth a second mail', async () => {
    for (let i = 0; i < 5; i++) await crash();
    world.unhealthy.add('billing');
    world.cure = () => undefined;
    const observed = new Date(world.clock()).toISOString();
    await healer.intake.observe(
      symptom('instance.restarted', billing, { began_at: observed, observed_at: observed }),
      null,
    );
    await eventually(() => expect(world.mails).toHaveLength(5));
    expect(subjects().at(-1)).toMatch(/^\[ACTION NEEDED\] billing keeps ending, for /);
  });

  it.each([
    ['of another process', { ...billing, process: 'billing-2' }],
    ['long ago', billing],
  ])('is not what ended %s', async (name, target) => {
    for (let i = 0; i < 3; i++) await crash();
    if (name === 'long ago') world.aheadMs += 600_000;
    await crash(target);
    expect(subjects().filter((subject) => subject.includes('ACTION NEEDED'))).toEqual([]);
    expect(world.records()).toHaveLength(4);
  });

  it('in a labelled experiment is not mailed', async () => {
    await healer.context.pauses.add(pause('all', { effect: 'label', reason: 'service-kill' }));
    world.aheadMs = 0;
    for (let i = 0; i < 6; i++) await crash(billing, 60);
    expect(subjects().filter((subject) => subject.includes('ACTION NEEDED'))).toEqual([]);
  });

  it.each(['a pause', 'a dry run'])(
    'under %s is watched, and no mail is sent for what heals itself',
    async (what) => {
      if (what === 'a pause') await healer.context.pauses.add(pause('all'));
      else healer = world.healer('healer', { dryRun: true });
      await crash();
      expect(world.acts.map(({ remedy }) => remedy)).toEqual(['observe-only']);
      expect(subjects()).toEqual([expect.stringContaining('[AUTO-RESOLVED]')]);
    },
  );

  it('under a pause is mailed when it does not come back', async () => {
    await healer.context.pauses.add(pause('all'));
    world.unhealthy.add('billing');
    await healer.intake.observe(symptom('instance.restarted'), null);
    await eventually(() => expect(world.mails).toEqual([expect.objectContaining({ status: 'escalated' })]));
    expect(world.acts.map(({ remedy }) => remedy)).toEqual(['observe-only']);
  });
});
