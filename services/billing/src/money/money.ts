import { exponentOf } from './currency.ts';

/** An amount of one currency. `minor` counts its minor units (cents, paise, fils), so it has no fraction. */
export interface Money {
  readonly currency: string;
  readonly minor: bigint;
}

/** Money of a known currency. Throws `BILLING.UNKNOWN_CURRENCY`. */
export function money(minor: bigint | number, currency: string): Money {
  exponentOf(currency);
  return { currency, minor: BigInt(minor) };
}

/** The sum in one currency; 0 of none. Throws when an amount has another currency, since that is a bug and no input. */
export function sum(amounts: readonly Money[], currency: string): Money {
  let minor = 0n;
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new Error(`${amount.currency} cannot be added to ${currency}`);
    minor += amount.minor;
  }
  return money(minor, currency);
}

/**
 * The minor units as the integer of a JSON document. Throws above 2^53 - 1, where JSON numbers lose digits.
 */
export function toInteger(minor: bigint): number {
  const integer = Number(minor);
  if (!Number.isSafeInteger(integer))
    throw new RangeError(`${minor} minor units do not fit into a JSON number`);
  return integer;
}

/** The smaller one. `Math.min` takes no bigint. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
