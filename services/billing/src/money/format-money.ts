import { exponentOf } from './currency.ts';
import type { Money } from './money.ts';
import { Decimal } from './round.ts';

/** Major units as a plain decimal: `12.34` of 1234 cents, `1234` of 1234 yen. No separators of thousands, no symbol. */
export function toMajor({ minor, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return `${minor < 0n ? '-' : ''}${whole}${exponent > 0 ? `.${digits.slice(-exponent)}` : ''}`;
}

/**
 * Money as people of a locale write it: `₹1,23,456.00` in en-IN, `1.234,56 €` in de-DE. Exact for any size, since the number is
 * formatted from its digits.
 */
export function formatMoney(amount: Money, locale: string): string {
  return format(toMajor(amount), amount.currency, locale, exponentOf(amount.currency));
}

/**
 * The price of one unit, which may have more decimals than the currency: `€0.00012` of `0.012` cents. `unitAmount` is a decimal
 * string in minor units.
 */
export function formatUnitAmount(unitAmount: string, currency: string, locale: string): string {
  const exponent = exponentOf(currency);
  const major = new Decimal(unitAmount).div(new Decimal('10').pow(exponent));
  const decimals = major.toFixed().split('.')[1]?.length ?? 0;
  return format(major.toFixed(), currency, locale, Math.min(20, Math.max(exponent, decimals)));
}

function format(major: string, currency: string, locale: string, fractionDigits: number): string {
  const numbers = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  });
  // A string, and no number: its digits are kept.
  return numbers.format(major as Intl.StringNumericLiteral);
}
