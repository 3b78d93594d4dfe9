import { describe, expect, it } from '@jest/globals';
import { billing, symptom } from '../../test/symptoms.ts';
import { openIncident, publishHeld } from '../incidents/incident.ts';
import { climb, conclude, decide, intend, resolve, suggest } from '../incidents/treatment.ts';
import { PLAYBOOK } from '../playbook/playbook.ts';
import { nextStep } from './next-step.ts';

const now = Date.now();
const options = { now, holdUntil: null, traceparent: null, traceId: null, experiment: null };
const opened = openIncident(symptom('instance.unresponsive'), options);
const decided = decide(opened, { rule: 'restart-unresponsive-instance', text: 'so' }, now);
const act = { id: 'act_1', remedy: 'platform.restart' as const, target: billing, epoch: 1 };
const intended = intend(decided, act, 'about to', now);
const step = (record: typeof opened) => nextStep(record, PLAYBOOK);

describe('the next step follows from what is written', () => {
  it('from decision to proof', () => {
    expect(step(opened)).toMatchObject({ do: 'decide', rule: { name: 'restart-unresponsive-instance' } });
    expect(step(decided)).toMatchObject({ do: 'act', rung: { remedy: 'platform.restart' } });
    expect(step(conclude(intended, 'act_1', 'done', 'did', now))).toMatchObject({
      do: 'verify',
      action: { id: 'act_1' },
    });
    expect(step(conclude(intended, 'act_1', 'failed', 'did not', now))).toMatchObject({ do: 'climb' });
    expect(step(resolve(intended, 'well', now))).toEqual({ do: 'nothing' });
  });

  it('an act without outcome is never done again: it is made unknown, and then verified', () => {
    expect(step(intended)).toMatchObject({ do: 'reconcile', action: { id: 'act_1' } });
    expect(step(conclude(intended, 'act_1', 'unknown', '?', now))).toMatchObject({ do: 'verify' });
  });

  it('climbs to the human, and then only observes', () => {
    let record = decided;
    for (const remedy of ['platform.restart', 'platform.restart', 'page-human']) {
      expect(step(record)).toMatchObject({ do: 'act', rung: { remedy } });
      record = climb(record, 'no', now);
    }
    expect(step(record)).toMatchObject({ do: 'observe-target' });
    expect(step(suggest(decided, act, 'paused', now))).toMatchObject({ do: 'observe-target' });
  });

  it('does nothing about what waits for its cause', () => {
    const held = openIncident(symptom('connections.lost'), { ...options, holdUntil: now + 1500 });
    expect(step(held)).toEqual({ do: 'nothing' });
    expect(step(publishHeld(held, now))).toMatchObject({ do: 'decide' });
  });

  it('starts again for another target', () => {
    const dependent = { signal: 'connections.lost' as const, target: billing };
    const turned = decide(decided, { rule: 'reset-lost-connections', text: 'so', treating: dependent }, now);
    expect(step(turned)).toMatchObject({ do: 'act', rung: { remedy: 'instance.reset-connections' } });
  });
});
