import { describe, expect, it } from '@jest/globals';
import type { HealingDecision } from '../common/healing-record.ts';
import { STRATEGY_NAMES } from '../common/strategy-name.ts';
import { STRATEGIES } from './strategy-catalogue.ts';
import { strategyLadder } from './strategy-ladder.ts';

const decision = (given: Partial<HealingDecision>): HealingDecision => ({
  fingerprint: 'f',
  kind: 'timeout',
  transient: true,
  strategy: 'RETRY_WITH_BACKOFF',
  confidence: 1,
  why: '',
  rule: '',
  decidedBy: 'rule',
  ...given,
});

describe('the catalogue', () => {
  it('has every strategy under its own name, with its precondition in words', () => {
    for (const name of STRATEGY_NAMES) {
      expect(STRATEGIES[name].name).toBe(name);
      expect(STRATEGIES[name].needs).not.toBe('');
    }
    expect(Object.keys(STRATEGIES)).toHaveLength(11);
  });
});

describe('strategyLadder', () => {
  it('begins with the decided strategy and names none twice', () => {
    for (const strategy of STRATEGY_NAMES) {
      const ladder = strategyLadder(decision({ strategy }));
      expect(ladder[0]).toBe(strategy === 'ESCALATE' ? undefined : strategy);
      expect(new Set(ladder).size).toBe(ladder.length);
      expect(ladder).not.toContain('ESCALATE');
    }
  });

  it('is empty for an unknown error, unless a pattern knows it', () => {
    const unknown = { kind: 'unknown', transient: false } as const;
    expect(strategyLadder(decision({ ...unknown, decidedBy: 'none', strategy: 'ESCALATE' }))).toEqual([]);
    expect(strategyLadder(decision({ ...unknown, decidedBy: 'rule' }))).toEqual([]);
    expect(
      strategyLadder(decision({ ...unknown, decidedBy: 'pattern', strategy: 'RESET_CONNECTION' })),
    ).toEqual(['RESET_CONNECTION']);
  });

  it('repeats nothing that is not transient, or that an open breaker would refuse', () => {
    expect(strategyLadder(decision({ strategy: 'FALLBACK_TO_CACHE', transient: false }))).not.toContain(
      'RETRY_WITH_BACKOFF',
    );
    expect(strategyLadder(decision({ strategy: 'SWITCH_API_ENDPOINT', kind: 'circuit_open' }))).not.toContain(
      'RETRY_WITH_BACKOFF',
    );
  });
});
