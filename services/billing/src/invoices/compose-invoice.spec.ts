import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, roundHalfUp } from '../money/round.ts';
import { treatSupply } from '../tax/treat-supply.ts';
import { composeInvoice, type InvoiceDraft } from './compose-invoice.ts';

const party = { name: 'A', address: [], taxId: null, email: null };
const draft: InvoiceDraft = {
  ...{ type: 'invoice', status: 'draft', number: null, currency: 'EUR', locale: 'en-IE', terms: '' },
  ...{ issuedOn: '2026-12-01', dueOn: null, period: null, seller: party, buyer: party, corrects: null },
  treatment: treatSupply({ country: 'DE' }, { country: 'DE' }),
  ...{ inclusive: false, lines: [], credits: 0n, payTo: [] },
};
const treatment = fc.constantFrom(
  treatSupply({ country: 'DE' }, { country: 'DE' }),
  treatSupply({ country: 'IN', state: 'KA' }, { country: 'IN', state: 'KA' }),
  treatSupply({ country: 'IN', state: 'KA' }, { country: 'IN', state: 'TN' }),
  treatSupply({ country: 'DE' }, { country: 'FR', taxId: 'FRXX999999999' }),
);
const line = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 999_999 }))
  .map(([quantity, price]) => {
    const unitAmount = new Decimal(price.toString()).div('1000').toFixed();
    const amount = roundHalfUp(new Decimal(unitAmount).times(quantity.toString()));
    return { description: 'Calls', detail: null, quantity, unitAmount, amount };
  });
const drafts = fc
  .record({
    currency: fc.constantFrom('EUR', 'INR', 'JPY', 'KWD'),
    treatment,
    inclusive: fc.boolean(),
    lines: fc.array(line, { maxLength: 30 }),
    credits: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  })
  .map((changes): InvoiceDraft => ({ ...draft, ...changes }));
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe('composeInvoice', () => {
  it('has totals that are the sums of its lines, in every currency and tax', () => {
    fc.assert(
      fc.property(drafts, (one) => {
        const { lines, totals, treatment: applied } = composeInvoice(one);
        expect(sum(lines.map(({ net }) => net))).toBe(totals.net);
        for (const [index, tax] of totals.taxes.entries())
          expect(sum(lines.map(({ taxes }) => taxes[index] ?? 0n))).toBe(tax.amount);
        expect(totals.taxes.map(({ name }) => name)).toEqual(applied.components.map(({ name }) => name));
        expect(totals.net + sum(totals.taxes.map(({ amount }) => amount))).toBe(totals.total);
        expect(sum(lines.map(({ amount }) => amount))).toBe(one.inclusive ? totals.total : totals.net);
      }),
    );
  });

  it('burns no more credit than the partner has, and than there is to pay', () => {
    fc.assert(
      fc.property(drafts, (one) => {
        const { totals } = composeInvoice(one);
        expect(totals.credits + totals.due).toBe(totals.total);
        expect(totals.due >= 0n && totals.credits <= one.credits).toBe(true);
        expect(totals.due === 0n || totals.credits === one.credits).toBe(true);
      }),
    );
  });
});
