import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type Pause, SERVERS, SIGNAL_NAMES, type Target } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SimulatedHealing } from '../../test/simulated-healing.ts';
import { symptom } from '../../test/symptoms.ts';
import { isHarmless } from '../guards/guard-decision.ts';
import { mailDue } from '../incidents/incident-mail.ts';

const service = (name: 'auth' | 'billing' | 'gateway', process: string = name): Target => ({
  kind: 'service',
  name,
  process,
});
const targets: Target[] = [
  service('auth'),
  service('billing'),
  service('billing', 'billing-2'),
  service('gateway'),
  ...SERVERS.map((name): Target => ({ kind: 'server', name, process: name })),
];

const step = fc.record({
  healer: fc.nat(1),
  target: fc.constantFrom(...targets),
  signal: fc.constantFrom(...SIGNAL_NAMES),
  unhealthy: fc.boolean(),
  suspects: fc.subarray(['postgres', 'nats', 'auth'] as const, { maxLength: 2 }),
  pause: fc.constantFrom(null, null, null, 'all', 'service:billing', 'remedy:platform.restart'),
  again: fc.boolean(),
  waitMs: fc.nat(20),
});

const fits = (signal: string, { kind }: Target): boolean =>
  signal.startsWith('server.') === (kind === 'server');

const pauseFor = (scope: string): Pause => ({
  object: 'pause',
  id: newId('pause'),
  scope,
  effect: 'pause',
  reason: 'a test',
  trains: false,
  created_by: 'test',
  created_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 60_000).toISOString(),
});

describe('two healers under any sequence of symptoms', () => {
  it('never act twice at once, unrecorded or under a pause, and mail each incident once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const world = new SimulatedHealing();
        const healers = [world.healer('healer'), world.healer('healer-2')];
        const pauses: { scope: string; at: number }[] = [];
        for (const one of steps.filter(({ signal, target }) => fits(signal, target))) {
          const { intake, context } = healers[one.healer]!;
          if (one.pause) {
            await context.pauses.add(pauseFor(one.pause));
            pauses.push({ scope: one.pause, at: Date.now() });
          }
          if (one.unhealthy) world.unhealthy.add(one.target.process);
          const reported = symptom(one.signal, one.target, { suspects: one.suspects });
          await intake.observe(reported, null);
          if (one.again) await healers[1 - one.healer]!.intake.observe(reported, null);
          await sleep(one.waitMs);
        }
        // Processes that are still unhealthy recover in the end, so that every incident ends.
        await eventually(
          () =>
            world
              .records()
              .every(
                ({ hold_until, incident }) =>
                  hold_until === null && ['resolved', 'escalated'].includes(incident.status),
              ),
          { timeoutMs: 8000 },
        );
        await eventually(() =>
          world
            .records()
            .every(
              (record) =>
                record.merged_into !== null || (record.mail?.sent === true && mailDue(record) === null),
            ),
        );
        await world.stop();

        expect(world.overlaps).toEqual([]);
        for (const act of world.acts) {
          expect(act.incident).not.toBeNull();
          if (isHarmless(act.remedy)) continue;
          const scopes = ['all', `${act.target.kind}:${act.target.name}`, `remedy:${act.remedy}`];
          // A few ms between the reading of the pauses and the act are inevitable.
          expect(pauses.filter(({ at, scope }) => scopes.includes(scope) && at < act.at - 25)).toEqual([]);
        }
        const mailed = new Map<string, string[]>();
        for (const { id, status } of world.mails) mailed.set(id, [...(mailed.get(id) ?? []), status]);
        const reported = world.records().filter(({ merged_into }) => merged_into === null);
        expect([...mailed.keys()].sort()).toEqual(reported.map(({ incident }) => incident.id).sort());
        for (const { incident } of reported) {
          const mails = mailed.get(incident.id);
          if (mails?.length === 1) continue;
          // A mail of a resolution that did not last does not suppress an escalation.
          expect(mails).toEqual(['resolved', 'escalated']);
          expect(incident.timeline.map(({ what }) => what)).toContain('reopened');
        }
        for (const { incident } of world.records()) {
          expect(incident.actions.filter(({ state }) => state === 'intended')).toEqual([]);
          expect(incident.timeline.length).toBeLessThanOrEqual(220);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
