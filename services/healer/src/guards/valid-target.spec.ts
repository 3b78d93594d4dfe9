import type { Target } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { expectRefusal, meet } from '../../test/guard-under-test.ts';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import type { ProposedAct } from './guard-decision.ts';
import { notMyself, validTarget } from './valid-target.ts';

const act = (target: unknown, remedy: ProposedAct['remedy'] = 'platform.restart'): ProposedAct => ({
  id: 'act_1',
  incidentId: 'inc',
  rule: 'r',
  remedy,
  target: target as Target,
});

describe('the target of an act', () => {
  it.each([
    null,
    {},
    { ...billing, process: '' },
    { ...billing, process: '*' },
    { ...billing, process: 'billing*' },
    { ...billing, process: '>' },
    { ...billing, process: 'billing/../auth' },
    { ...billing, process: 'BILLING' },
    { ...billing, name: '*' },
    { ...billing, name: 'portal' },
    { ...billing, process: 'auth' },
    { ...billing, process: 'billingx' },
  ])('is refused when it is %j', (target) => {
    expect(validTarget(act(target))).toMatchObject({
      allowed: false,
      guard: 'valid-target',
      next: 'suggest',
    });
  });

  it('is one process of the service or server that it names', () => {
    expect(validTarget(act(billing)).allowed).toBe(true);
    expect(validTarget(act({ ...billing, process: 'billing-2' })).allowed).toBe(true);
    expect(validTarget(act(postgres)).allowed).toBe(true);
    expect(validTarget(act(postgres, 'instance.reset-connections')).allowed).toBe(false);
  });

  it('that is not of its service is left alone', async () => {
    const stranger = symptom('instance.unresponsive', { kind: 'service', name: 'billing', process: 'auth' });
    expectRefusal(await meet(stranger, () => undefined), /auth is not a process of billing/);
  });

  it('is never the healer that decides', async () => {
    expect(notMyself(act({ kind: 'service', name: 'healer', process: 'healer' }), 'healer').allowed).toBe(
      false,
    );
    expect(notMyself(act({ kind: 'service', name: 'healer', process: 'healer-2' }), 'healer').allowed).toBe(
      true,
    );
    const me = symptom('instance.unresponsive', { kind: 'service', name: 'healer', process: 'healer' });
    const healed = await meet(me, () => undefined);
    // It decides, so it lives: only confirmed.
    expect(healed.done).not.toContain('platform.restart');
    expect(healed.incident).toMatchObject({ status: 'resolved', rule: 'confirm-restarted-instance' });
  });
});
