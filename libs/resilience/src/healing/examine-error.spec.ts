import { describe, expect, it, jest } from '@jest/globals';
import { classifyByCode, failure } from '../../test/healing-fixture.ts';
import { CircuitOpenError } from '../common/resilience.errors.ts';
import { ErrorExaminer, type PatternsPort } from './examine-error.ts';

const fingerprint = (error: unknown) => `print:${(error as { code: string }).code}`;

function examinerWith(patterns: PatternsPort | null = null, perSecond = 3) {
  const classify = jest.fn(classifyByCode);
  const examiner = new ErrorExaminer('spec.examine', undefined, perSecond);
  const examine = (error: unknown, now = 1_000) =>
    examiner.examine(error, { classify, fingerprint, patterns }, now);
  return { examine, classify, examiner };
}

describe('ErrorExaminer', () => {
  it('examines equal errors once', () => {
    const { examine, classify } = examinerWith();
    for (let i = 0; i < 1_000; i++) examine(failure('ECONNRESET'));
    expect(classify).toHaveBeenCalledTimes(1);
    expect(examine(failure('ECONNRESET'))).toMatchObject({ kind: 'connection_lost', decidedBy: 'rule' });
  });

  it('skips errors that come too fast to be examined', () => {
    const { examine, classify, examiner } = examinerWith();
    const decisions = [1, 2, 3, 4, 5].map((n) => examine(failure('ECONNRESET', { message: `no ${n}` })));
    expect(classify).toHaveBeenCalledTimes(3);
    expect(decisions[4]).toMatchObject({ strategy: 'ESCALATE', rule: 'storm', kind: 'unknown' });
    expect(examiner.unexamined).toBe(2);
    expect(examine(failure('ECONNRESET', { message: 'no 5' }), 2_000).strategy).toBe('RETRY_WITH_BACKOFF');
  });

  it('uses patterns before rules, and looks them up each time', () => {
    let known: 'USE_DEFAULT_VALUE' | null = null;
    const { examine } = examinerWith({
      lookup: (print) =>
        print === 'print:ECONNRESET' ? known && { strategy: known, origin: 'learned' as const } : null,
    });
    expect(examine(failure('ECONNRESET')).decidedBy).toBe('rule');
    known = 'USE_DEFAULT_VALUE';
    expect(examine(failure('ECONNRESET'))).toMatchObject({
      decidedBy: 'pattern',
      strategy: 'USE_DEFAULT_VALUE',
      kind: 'connection_lost',
    });
    known = null;
    expect(examine(failure('ECONNRESET')).decidedBy).toBe('rule');
  });

  it('uses the rules when the pattern look-up fails', () => {
    const { examine } = examinerWith({
      lookup: () => {
        throw new Error('the table is broken');
      },
    });
    expect(examine(failure('ECONNRESET')).decidedBy).toBe('rule');
  });

  it('decides nothing about an error that cannot be read', () => {
    const examiner = new ErrorExaminer('spec.examine', undefined, 9);
    const tools = {
      classify: () => {
        throw new Error('no');
      },
      fingerprint,
      patterns: null,
    };
    expect(examiner.examine({}, tools, 1)).toMatchObject({ strategy: 'ESCALATE', decidedBy: 'none' });
  });

  it('decides the errors of its own guards without patterns or rules', () => {
    const { examine, classify } = examinerWith({
      lookup: () => ({ strategy: 'SKIP_OPERATION', origin: 'learned' }),
    });
    const decision = examine(new CircuitOpenError('spec', 'pg', 5, undefined));
    expect(decision).toMatchObject({ kind: 'circuit_open', strategy: 'SWITCH_API_ENDPOINT', confidence: 1 });
    expect(classify).not.toHaveBeenCalled();
  });
});
