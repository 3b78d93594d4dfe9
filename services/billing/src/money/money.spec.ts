import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate } from './allocate.ts';
import { exponentOf } from './currency.ts';
import { formatMoney, formatUnitAmount, toMajor } from './format-money.ts';
import { money, sum, toInteger } from './money.ts';
import { Decimal, fractionOf, roundHalfUp } from './round.ts';

const minor = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const currency = fc.constantFrom('EUR', 'INR', 'JPY', 'KWD', 'USD');
/** Spaces of number formats are no-break spaces. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it.each([
    ['EUR', 2],
    ['INR', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['IQD', 3],
  ])('of %s has %i decimals', (code, decimals) => {
    expect(exponentOf(code)).toBe(decimals);
  });

  it.each(['eur', 'EU', 'ZZZ', '', 'constructor'])('has no currency %j', (code) => {
    expect(() => money(1, code)).toThrow(expect.objectContaining({ code: 'BILLING.UNKNOWN_CURRENCY' }));
  });

  it('is not added to money of another currency', () => {
    expect(() => sum([money(1, 'EUR'), money(1, 'USD')], 'EUR')).toThrow('USD cannot be added to EUR');
  });

  it('is no JSON number when that would lose digits', () => {
    expect(toInteger(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(() => toInteger(9_007_199_254_740_992n)).toThrow(RangeError);
  });

  it('is written in major units without loss, in every currency', () => {
    fc.assert(
      fc.property(minor, currency, (units, code) => {
        const [whole = '', decimals = ''] = toMajor(money(units, code)).split('.');
        expect(decimals).toHaveLength(exponentOf(code));
        expect(BigInt(whole + decimals)).toBe(units);
      }),
    );
  });

  it.each([
    [12_345_600, 'INR', 'en-IN', '₹1,23,456.00'],
    [-123_456, 'EUR', 'en-IE', '-€1,234.56'],
    [123_456, 'EUR', 'de-DE', '1.234,56 €'],
    [123_456, 'JPY', 'en-GB', '¥123,456'],
    [123_456, 'KWD', 'en-GB', 'KWD 123.456'],
  ])('%i minor units of %s in %s are %s', (units, code, locale, text) => {
    expect(plain(formatMoney(money(units, code), locale))).toBe(text);
  });

  it('keeps the digits of amounts that no double has', () => {
    expect(formatMoney(money(900_719_925_474_099_301n, 'EUR'), 'en-IE')).toBe('€9,007,199,254,740,993.01');
  });

  it.each([
    ['0.012', 'EUR', '€0.00012'],
    ['4900', 'EUR', '€49.00'],
    ['0.5', 'JPY', '¥0.5'],
    ['1.5', 'KWD', 'KWD 0.0015'],
  ])('%s minor units of %s for one unit are %s', (unit, code, text) => {
    expect(plain(formatUnitAmount(unit, code, 'en-IE'))).toBe(text);
  });
});

describe('rounding', () => {
  it.each([
    ['0.5', 1n],
    ['0.49999999999999999999999', 0n],
    ['1.5', 2n],
    ['2.5', 3n],
    ['-0.5', -1n],
    ['-2.5', -3n],
    ['-2.4', -2n],
  ])('of %s gives %s', (exact, rounded) => {
    expect(roundHalfUp(new Decimal(exact))).toBe(rounded);
  });

  it('takes no number of JavaScript', () => {
    expect(() => new Decimal(0.1)).toThrow(TypeError);
  });

  it('of a fraction agrees with that of decimals, and mirrors at zero', () => {
    const whole = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), whole, whole, (units, part, total) => {
        const exact = new Decimal(units.toString()).times(part.toString()).div(total.toString());
        expect(fractionOf(units, part, total)).toBe(roundHalfUp(exact));
        expect(fractionOf(-units, part, total)).toBe(-fractionOf(units, part, total));
      }),
    );
  });
});

describe('allocation', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
    .filter((all) => all.some((weight) => weight > 0n));

  it('loses nothing, and gives each part its share to within a unit', () => {
    fc.assert(
      fc.property(minor, weights, (units, shares) => {
        const parts = allocate(units, shares);
        const total = shares.reduce((left, right) => left + right, 0n);
        expect(parts.reduce((left, right) => left + right, 0n)).toBe(units);
        for (const [index, part] of parts.entries()) {
          const distance = part * total - units * (shares[index] as bigint);
          expect(distance < total && distance > -total).toBe(true);
          if (shares[index] === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });

  it('gives the rest to the largest remainders, and on a tie to the first', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
  });

  it.each([[[]], [[0n, 0n]], [[2n, -1n]]])('refuses the weights %p', (shares) => {
    expect(() => allocate(1n, shares)).toThrow(RangeError);
  });
});
