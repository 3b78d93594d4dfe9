import * as z from 'zod/mini';
import { fromMinor, toMinor } from '../billing/money-input.ts';

/** A field with an amount of a currency above 0, of at most `most` minor units. */
export const amountField = (currency: string, most: number) =>
  z.string().check(
    z.refine((text) => toMinor(text, currency) !== null, `An amount such as ${fromMinor(4950, currency)}`),
    z.refine((text) => toMinor(text, currency) !== 0, 'More than nothing'),
    z.refine((text) => (toMinor(text, currency) ?? 0) <= most, `At most ${fromMinor(most, currency)}`),
  );
