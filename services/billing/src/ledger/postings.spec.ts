import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entriesOf, POSTINGS, type PostingAmounts, type PostingKind } from './postings.ts';

const kinds = Object.keys(POSTINGS) as PostingKind[];
const amount = fc.bigInt({ min: 1n, max: 10n ** 18n });
const posting = fc.constantFrom(...kinds).chain((kind) => {
  const parts = [...new Set(POSTINGS[kind].map(({ part }) => part))];
  return fc
    .record(Object.fromEntries(parts.map((part) => [part, amount])))
    .map((amounts) => ({ kind, amounts: amounts as PostingAmounts }));
});

describe('entriesOf', () => {
  it('is balanced for every kind and amount', () => {
    fc.assert(
      fc.property(posting, ({ kind, amounts }) => {
        const entries = entriesOf(kind, amounts);
        expect(entries.reduce((sum, entry) => sum + entry.amount, 0n)).toBe(0n);
        expect(new Set(entries.map(({ account }) => account)).size).toBe(entries.length);
      }),
    );
  });

  it('debits what the partner owes, and credits revenue and tax', () => {
    expect(entriesOf('invoice_finalized', { net: 1000n, tax: 180n })).toEqual([
      { account: 'receivable', amount: 1180n },
      { account: 'revenue', amount: -1000n },
      { account: 'tax_payable', amount: -180n },
    ]);
    expect(entriesOf('invoice_finalized', { net: 1000n, tax: 0n })).toHaveLength(2);
  });

  it('leaves nothing of an invoice that is voided, and of a credit that expires or is burned against a debt', () => {
    const remains = (...steps: [PostingKind, PostingAmounts][]) => {
      const balances: Record<string, bigint> = {};
      for (const { account, amount } of steps.flatMap(([kind, amounts]) => entriesOf(kind, amounts)))
        balances[account] = (balances[account] ?? 0n) + amount;
      return Object.fromEntries(Object.entries(balances).filter(([, balance]) => balance !== 0n));
    };
    const amounts = { net: 1000n, tax: 180n };
    expect(remains(['invoice_finalized', amounts], ['invoice_voided', amounts])).toEqual({});
    const given = { amount: 50n };
    expect(remains(['promotional_credit_granted', given], ['promotional_credit_expired', given])).toEqual({});
    expect(
      remains(
        ['prepaid_credit_granted', { amount: 1180n }],
        ['invoice_finalized', amounts],
        ['prepaid_credit_burned', { amount: 1180n }],
      ),
    ).toEqual({ cash: 1180n, revenue: -1000n, tax_payable: -180n });
  });

  it.each<[PostingKind, PostingAmounts]>([
    ['payment_received', { amount: -1n }],
    ['payment_received', { amount: 0n }],
    ['payment_received', { net: 1n }],
    ['invoice_finalized', {}],
  ])('refuses %s of %p', (kind, amounts) => {
    expect(() => entriesOf(kind, amounts)).toThrow(RangeError);
  });
});
