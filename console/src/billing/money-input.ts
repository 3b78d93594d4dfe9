import { decimalsOf } from '../ui/numbers.ts';

/** What a person typed as minor units: `12.5` and `12,50` of EUR are 1250. Null for anything else, and for more decimals than there are. */
export function toMinor(typed: string, currency: string): number | null {
  const match = /^(\d{1,10})(?:[.,](\d+))?$/.exec(typed.trim());
  if (!match) return null;
  const [, whole = '0', fraction = ''] = match;
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals) return null;
  return Number(whole) * 10 ** decimals + Number(fraction.padEnd(decimals, '0') || 0);
}

/** Minor units as they are typed: 1250 of EUR is `12.50`, 1200 is `12`. */
export function fromMinor(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const text = (minor / 10 ** decimals).toFixed(decimals);
  return decimals > 0 && /\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}
