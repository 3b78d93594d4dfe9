import { describe, expect, it } from '@jest/globals';
import { attachHealing, explainHealing, type HealingRecord, healingOf } from './healing-record.ts';

const record: HealingRecord = {
  source: 'spec.record',
  decision: {
    fingerprint: 'f',
    kind: 'timeout',
    transient: true,
    strategy: 'RETRY_WITH_BACKOFF',
    confidence: 0.9,
    why: 'no answer came',
    rule: 'errno/ETIMEDOUT',
    decidedBy: 'rule',
  },
  steps: [{ strategy: 'RETRY_WITH_BACKOFF', outcome: 'failed', why: 'it failed again', durationMs: 12.34 }],
  healedBy: null,
  durationMs: 13,
  at: 0,
};

describe('healingOf', () => {
  it('finds the attached record, which is hidden from a list of properties', () => {
    const error = new Error('x');
    attachHealing(error, record);
    expect(healingOf(error)).toBe(record);
    expect(Object.keys(error)).toEqual([]);
    expect(JSON.stringify({ ...error })).toBe('{}');
  });

  it('also finds it on errors that are frozen, and the last of several', () => {
    const error = Object.freeze(new Error('x'));
    attachHealing(error, record);
    expect(healingOf(error)).toBe(record);
    const later = { ...record, at: 1 };
    attachHealing(error, later);
    expect(healingOf(error)).toBe(later);
  });

  it('handles values without a record', () => {
    for (const value of [null, undefined, 'x', 7]) {
      attachHealing(value, record);
      expect(healingOf(value)).toBeUndefined();
    }
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('mine');
      },
      defineProperty: () => {
        throw new Error('mine');
      },
    });
    attachHealing(hostile, record);
    expect(healingOf(hostile)).toBe(record);
  });
});

describe('explainHealing', () => {
  it('names the kind, the deciding rule, the steps and the result', () => {
    expect(explainHealing(record).split('\n')).toEqual([
      'spec.record: timeout (transient), confidence 0.9',
      '  because no answer came [rule errno/ETIMEDOUT]',
      '  RETRY_WITH_BACKOFF: failed, it failed again (12.3 ms)',
      '  not healed: the original error is thrown',
    ]);
  });
});
