import { INDIAN_STATES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calculateTax } from './calculate-tax.ts';
import { gstinCheckCharacter, parseTaxId } from './tax-id.ts';
import { TAX_REGIONS, type TaxComponent } from './tax-regions.ts';
import { type TaxParty, treatSupply } from './treat-supply.ts';

const gstin = (state: string) => {
  const first = `${state}AABCG1234D1Z`;
  return first + gstinCheckCharacter(first);
};
const india = (state: string): TaxParty => ({ country: 'IN', taxId: gstin(state) });

describe('tax numbers', () => {
  it.each(['27AAPFU0939F1ZV', ' 27aapfu0939f1zv ', '27-AAPFU-0939F-1ZV'])('%j is a GSTIN', (text) => {
    expect(parseTaxId('IN', text)).toBe('27AAPFU0939F1ZV');
  });

  it.each(['27AAPFU0939F1ZW', '28AAPFU0939F1ZV', '99AAPFU0939F1ZV', '27AAPFU0939F1Z', '', 'DE123456789'])(
    '%j is no GSTIN',
    (text) => {
      expect(() => parseTaxId('IN', text)).toThrow(
        expect.objectContaining({ code: 'BILLING.INVALID_TAX_ID' }),
      );
    },
  );

  it('finds every single wrong character of a GSTIN', () => {
    const characters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const valid = '27AAPFU0939F1ZV';
    for (let place = 0; place < 15; place++) {
      for (const character of characters.filter((other) => other !== valid[place])) {
        const wrong = valid.slice(0, place) + character + valid.slice(place + 1);
        expect(() => parseTaxId('IN', wrong)).toThrow();
      }
    }
  });

  it.each([
    ['DE', 'DE 123456789', 'DE123456789'],
    ['GR', 'el123456789', 'EL123456789'],
    ['FR', 'FRXX999999999', 'FRXX999999999'],
    ['US', '12-3456789', '123456789'],
  ])('of %s: %j is %s', (country, text, id) => {
    expect(parseTaxId(country, text)).toBe(id);
  });

  it.each([
    ['DE', '123456789'],
    ['DE', 'DE12345678'],
    ['GR', 'GR123456789'],
    ['FR', 'DE123456789'],
  ])('of %s: %j is none', (country, text) => {
    expect(() => parseTaxId(country, text)).toThrow(
      expect.objectContaining({ code: 'BILLING.INVALID_TAX_ID' }),
    );
  });
});

describe('Indian GST', () => {
  const seller = india('29');
  const names = (buyer: TaxParty, options = {}) =>
    treatSupply(seller, buyer, options).components.map(({ name, rate }) => `${name} ${rate}`);

  it('is CGST and SGST in the state of the seller, IGST in others', () => {
    for (const { gst } of INDIAN_STATES)
      expect(names(india(gst))).toEqual(gst === '29' ? ['CGST 9', 'SGST 9'] : ['IGST 18']);
    expect(names({ country: 'IN', state: 'KA' })).toEqual(['CGST 9', 'SGST 9']);
    expect(names({ country: 'IN', state: 'TN' })).toEqual(['IGST 18']);
    expect(names({ country: 'IN' })).toEqual(['CGST 9', 'SGST 9']);
    expect(treatSupply(seller, india('27')).placeOfSupply).toBe('27-Maharashtra');
  });

  it('is UTGST in a union territory without a legislature', () => {
    expect(treatSupply(india('04'), india('04')).components.map(({ name }) => name)).toEqual([
      'CGST',
      'UTGST',
    ]);
    expect(treatSupply(india('07'), india('07')).components.map(({ name }) => name)).toEqual([
      'CGST',
      'SGST',
    ]);
  });

  it('asks the GSTIN for the state, not the address', () => {
    expect(names({ country: 'IN', state: 'KA', taxId: gstin('27') })).toEqual(['IGST 18']);
  });

  it('is zero for exports and special zones under a letter of undertaking, and IGST without one', () => {
    const lut = 'AD290326012345X';
    expect(treatSupply(seller, { country: 'DE' }, { lut })).toEqual({
      kind: 'zero_rated',
      components: [],
      note: `Supply meant for export under LUT ${lut} without payment of integrated tax`,
      placeOfSupply: '96-Other country',
    });
    expect(names({ country: 'DE' })).toEqual(['IGST 18']);
    expect(names(india('29'), { specialEconomicZone: true })).toEqual(['IGST 18']);
    expect(treatSupply(seller, india('29'), { specialEconomicZone: true, lut }).kind).toBe('zero_rated');
  });

  it('is charged to nobody on reverse charge, and the invoice says so', () => {
    const { kind, components, note } = treatSupply(seller, india('29'), { reverseCharge: true });
    expect([kind, components, note]).toEqual([
      'reverse_charge',
      [],
      expect.stringContaining('reverse charge: yes'),
    ]);
  });
});

describe('other taxes', () => {
  const seller: TaxParty = { country: 'DE', taxId: 'DE123456789' };
  it.each<[TaxParty, string, string[]]>([
    [{ country: 'DE', taxId: 'DE987654321' }, 'standard', ['VAT 19']],
    [{ country: 'FR', taxId: 'FRXX999999999' }, 'reverse_charge', []],
    [{ country: 'FR' }, 'standard', ['VAT 20']],
    [{ country: 'FI' }, 'standard', ['VAT 25.5']],
    [{ country: 'US' }, 'outside_scope', []],
    [{ country: 'GB' }, 'outside_scope', []],
  ])('of a German seller to %j is %s %j', (buyer, kind, components) => {
    const found = treatSupply(seller, buyer);
    expect([found.kind, found.components.map(({ name, rate }) => `${name} ${rate}`)]).toEqual([
      kind,
      components,
    ]);
  });

  it('is charged at home only by other countries, and never where there is no row', () => {
    expect(treatSupply({ country: 'SG' }, { country: 'SG' }).components).toEqual([
      { name: 'GST', rate: '9' },
    ]);
    expect(treatSupply({ country: 'SG' }, { country: 'IN' }).kind).toBe('zero_rated');
    expect(treatSupply({ country: 'US' }, { country: 'US' }).kind).toBe('outside_scope');
  });
});

describe('calculateTax', () => {
  const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
  const rate = fc.integer({ min: 1, max: 3000 }).map((hundredths) => (hundredths / 100).toString());
  /** One component, or two with the same rate, as CGST and SGST have. */
  const components: fc.Arbitrary<TaxComponent[]> = fc.oneof(
    rate.map((one) => [{ name: 'VAT', rate: one }]),
    rate.map((half) => ['CGST', 'SGST'].map((name) => ({ name, rate: half }))),
    fc.constantFrom(...Object.values(TAX_REGIONS).map((region) => [...region.components])),
  );

  it('of 100.05 at 9 % and 9 % is twice 9.00', () => {
    const halves = ['CGST', 'SGST'].map((name) => ({ name, rate: '9' }));
    expect(calculateTax(10_005n, halves, false)).toMatchObject({
      ...{ net: 10_005n, tax: 1_800n, gross: 11_805n },
      components: [{ amount: 900n }, { amount: 900n }],
    });
    expect(calculateTax(11_800n, halves, true)).toMatchObject({ net: 10_000n, tax: 1_800n, gross: 11_800n });
  });

  it('adds up, and keeps the amount that it was given', () => {
    fc.assert(
      fc.property(amount, components, fc.boolean(), (units, parts, inclusive) => {
        const { net, tax, gross, components: taxes } = calculateTax(units, parts, inclusive);
        expect(taxes.reduce((sum, part) => sum + part.amount, 0n)).toBe(tax);
        expect(net + tax).toBe(gross);
        expect(inclusive ? gross : net).toBe(units);
      }),
    );
  });

  it('agrees with itself, exclusive and inclusive', () => {
    fc.assert(
      fc.property(amount, components, (net, parts) => {
        const exclusive = calculateTax(net, parts, false);
        expect(calculateTax(exclusive.gross, parts, true)).toEqual(exclusive);
      }),
    );
  });

  it('of a credit note is that of its invoice, below zero', () => {
    fc.assert(
      fc.property(amount, components, fc.boolean(), (units, parts, inclusive) => {
        const invoice = calculateTax(units, parts, inclusive);
        const note = calculateTax(-units, parts, inclusive);
        expect([note.net, note.tax, note.gross]).toEqual([-invoice.net, -invoice.tax, -invoice.gross]);
      }),
    );
  });

  it('gives equal halves to the Union and the state', () => {
    fc.assert(
      fc.property(amount, fc.boolean(), (units, inclusive) => {
        const parts = treatSupply(india('29'), india('29')).components;
        const [union, state] = calculateTax(units, parts, inclusive).components;
        expect(union?.amount).toBe(state?.amount);
      }),
    );
  });
});
