import { REMEDIES, SIGNALS, type Target } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing, postgres } from '../../test/symptoms.ts';
import { explainDecision, PLAYBOOK, ruleFor } from './playbook.ts';

const kindOf = (signal: string): Target => (signal.startsWith('server.') ? postgres : billing);

describe('the playbook', () => {
  it('has exactly one row for every signal', () => {
    expect(PLAYBOOK.map(({ signal }) => signal).sort()).toEqual([...SIGNALS].sort());
    for (const signal of SIGNALS)
      expect(ruleFor(PLAYBOOK, signal, kindOf(signal)).name).not.toBe('ask-human');
  });

  it('ends every ladder with a human, and only there', () => {
    for (const { ladder } of PLAYBOOK) {
      expect(ladder.at(-1)?.remedy).toBe('page-human');
      expect(ladder.slice(0, -1).map(({ remedy }) => remedy)).not.toContain('page-human');
    }
  });

  it('asks only for remedies of the catalogue, and never for an instance’s on a server', () => {
    for (const { ladder, on } of PLAYBOOK)
      for (const { remedy } of ladder) {
        expect(REMEDIES).toContain(remedy);
        if (on === 'server') expect(remedy.startsWith('instance.')).toBe(false);
      }
  });

  it('waits with what may be the shadow of something else, and with nothing that is certain', () => {
    for (const { holdMs, signal } of PLAYBOOK)
      if (/unresponsive|restarted/.test(signal) && signal !== 'door.unresponsive') expect(holdMs).toBe(0);
    expect(ruleFor(PLAYBOOK, 'connections.lost', billing).holdMs).toBeGreaterThan(0);
  });

  it('cools a restart down for longer than its proof may take, so that it is not repeated blindly', () => {
    for (const { ladder } of PLAYBOOK)
      for (const { remedy, cooldownMs, verifyTimeoutMs } of ladder)
        if (remedy === 'platform.restart') expect(cooldownMs).toBeGreaterThanOrEqual(verifyTimeoutMs);
  });

  it('sends what it does not know to a human', () => {
    expect(ruleFor([], 'instance.stalled', billing)).toMatchObject({
      name: 'ask-human',
      ladder: [{ remedy: 'page-human' }],
    });
  });

  it('explains itself', () => {
    const rule = ruleFor(PLAYBOOK, 'instance.stalled', billing);
    expect(explainDecision(rule, billing)).toBe(
      'Rule restart-stalled-instance decided for billing: observe-only, then platform.restart, then page-human; because a long computation ends by itself; an endless one only with the process.',
    );
  });
});
