import * as z from 'zod/mini';
import { decimalsOf } from '../ui/numbers.ts';

/** `49.00` of 4900 minor units of EUR: what a field shows. */
export const toMajor = (minor: number, currency: string): string => {
  const decimals = decimalsOf(currency);
  return (minor / 10 ** decimals).toFixed(decimals);
};

/** The minor units of what a person wrote, `49` or `49.00`; null for what is no amount of the currency. */
export function toMinor(text: string, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const match = /^(\d{1,10})(?:\.(\d+))?$/.exec(text.trim().replaceAll(',', ''));
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > decimals) return null;
  return Number(`${match[1]}${fraction.padEnd(decimals, '0')}`);
}

/** A field with an amount of a currency above 0, of at most `most` minor units. */
export const amountField = (currency: string, most: number) =>
  z.string().check(
    z.refine((text) => toMinor(text, currency) !== null, `An amount such as ${toMajor(4900, currency)}`),
    z.refine((text) => toMinor(text, currency) !== 0, 'More than nothing'),
    z.refine((text) => (toMinor(text, currency) ?? 0) <= most, `At most ${toMajor(most, currency)}`),
  );
