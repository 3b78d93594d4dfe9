import { describe, expect, it } from '@jest/globals';
import { declineKind, declineWords } from './decline-codes.ts';

describe('a decline code', () => {
  it.each([
    ['insufficient_funds', 'soft'],
    ['generic_decline', 'soft'],
    ['stolen_card', 'hard'],
    ['expired_card', 'hard'],
    ['no_payment_method', 'hard'],
    ['authentication_required', 'action'],
    ['a_code_of_next_year', 'soft'],
    ['constructor', 'soft'],
  ])('%s is %s', (code, kind) => {
    expect(declineKind(code)).toBe(kind);
  });

  it('tells the payer nothing of a suspicion', () => {
    expect(declineWords('stolen_card')).toBe(declineWords('generic_decline'));
    expect(declineWords('fraudulent')).toBe(declineWords('generic_decline'));
  });
});
