import { describe, expect, it } from '@jest/globals';
import { CallLedger, SETTLED_AFTER_MS } from './call-ledger.ts';

describe('CallLedger', () => {
  it('expects a call to be counted once it is settled, and not before', () => {
    const ledger = new CallLedger();
    ledger.sent()(200, 1000);
    expect(ledger.expected(1000)).toEqual({ atLeast: 0, atMost: 1 });
    expect(ledger.expected(1000 + SETTLED_AFTER_MS)).toEqual({ atLeast: 1, atMost: 1 });
    expect(ledger.expected(1000 + 2 * SETTLED_AFTER_MS)).toEqual({ atLeast: 1, atMost: 1 });
  });

  it('leaves out what costs nothing, and allows for a call without a response', () => {
    const ledger = new CallLedger();
    for (const status of [404, 429, 500, 503]) ledger.sent()(status, 0);
    ledger.sent()(null, 0);
    ledger.sent(); // under way
    expect(ledger.expected(SETTLED_AFTER_MS)).toEqual({ atLeast: 1, atMost: 3 });
  });
});
