import { AppError, UNKNOWN_CURRENCY } from '@gridworks/contracts';

/**
 * The currencies without two decimals, as ISO 4217 lists them ("minor unit", list one). `Intl` is not the source: its
 * figures are those of everyday use in a country, and differ from the standard for some codes.
 */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      'BIF',
      'CLP',
      'DJF',
      'GNF',
      'ISK',
      'JPY',
      'KMF',
      'KRW',
      'PYG',
      'RWF',
      'UGX',
      'VND',
      'VUV',
      'XAF',
      'XOF',
      'XPF',
    ].map((code) => [code, 0]),
  ),
  ...Object.fromEntries(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3])),
};

const CODES = new Set(Intl.supportedValuesOf('currency'));

/** How many decimals the minor unit of a currency has: 2 for EUR, 0 for JPY, 3 for KWD. Throws `BILLING.UNKNOWN_CURRENCY`. */
export function exponentOf(currency: string): number {
  if (!CODES.has(currency))
    throw new AppError(UNKNOWN_CURRENCY, { detail: `${currency} is not a currency in use.` });
  return EXPONENTS[currency] ?? 2;
}
