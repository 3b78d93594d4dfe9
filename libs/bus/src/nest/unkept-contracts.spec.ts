import { EVENTS, REQUESTS } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { unkeptContracts } from './unkept-contracts.ts';

const all = new Set([
  ...REQUESTS.map(({ subject }) => subject),
  ...EVENTS.flatMap(({ consumers }) => consumers),
]);
const without = (name: string) => new Set([...all].filter((one) => one !== name));

describe('the contracts that a service does not keep', () => {
  it('are every request that it owns and every consumer of its name', () => {
    // The one of support is short.
    expect(unkeptContracts('support', new Set()).sort()).toEqual([
      'rpc.support.ticket.get',
      'rpc.support.ticket.list',
      'rpc.support.ticket.list-all',
      'rpc.support.ticket.open',
      'rpc.support.ticket.summarize',
      'rpc.support.ticket.transition',
    ]);
    expect(unkeptContracts('billing', new Set())).toEqual(
      expect.arrayContaining(['billing_open-account', 'billing_record-usage', 'rpc.billing.usage.get']),
    );
    expect(unkeptContracts('gateway', new Set())).toEqual([]);
    expect(unkeptContracts('healer', new Set())).toContain('healer_record-support-errors');
  });

  it('are none when all handlers exist, and else the missing ones', () => {
    expect(unkeptContracts('billing', all)).toEqual([]);
    expect(unkeptContracts('billing', without('rpc.billing.usage.get'))).toEqual(['rpc.billing.usage.get']);
    expect(unkeptContracts('billing', without('billing_open-account'))).toEqual(['billing_open-account']);
    expect(unkeptContracts('auth', without('billing_open-account'))).toEqual([]);
  });
});
