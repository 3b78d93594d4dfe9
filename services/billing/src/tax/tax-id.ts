import { AppError, INDIAN_STATES, INVALID_TAX_ID } from '@gridworks/contracts';

const GSTIN = /^(\d{2})[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The last character of a GSTIN for its first 14: the Luhn algorithm in base 36, as the GSTN publishes it. Characters count 0 to
 * 35, those in even places twice; the digits of each product in base 36 are added up, and the check character completes the sum
 * to a multiple of 36.
 */
export function gstinCheckCharacter(first14: string): string {
  let sum = 0;
  for (const [index, character] of [...first14].entries()) {
    const product = DIGITS.indexOf(character) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return DIGITS[(36 - (sum % 36)) % 36] as string;
}

/**
 * VAT numbers with the prefix that VIES uses (EL for Greece): the formats of the VIES FAQ of the European Commission. A
 * number of the right format may still not exist.
 */
const VAT_FORMATS: Readonly<Record<string, RegExp>> = {
  AT: /^ATU\d{8}$/,
  BE: /^BE[01]\d{9}$/,
  BG: /^BG\d{9,10}$/,
  CY: /^CY\d{8}[A-Z]$/,
  CZ: /^CZ\d{8,10}$/,
  DE: /^DE\d{9}$/,
  DK: /^DK\d{8}$/,
  EE: /^EE\d{9}$/,
  ES: /^ES[0-9A-Z]\d{7}[0-9A-Z]$/,
  FI: /^FI\d{8}$/,
  FR: /^FR[0-9A-Z]{2}\d{9}$/,
  GR: /^EL\d{9}$/,
  HR: /^HR\d{11}$/,
  HU: /^HU\d{8}$/,
  IE: /^IE(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/,
  IT: /^IT\d{11}$/,
  LT: /^LT(\d{9}|\d{12})$/,
  LU: /^LU\d{8}$/,
  LV: /^LV\d{11}$/,
  MT: /^MT\d{8}$/,
  NL: /^NL[0-9A-Z+*]{12}$/,
  PL: /^PL\d{10}$/,
  PT: /^PT\d{9}$/,
  RO: /^RO\d{2,10}$/,
  SE: /^SE\d{12}$/,
  SI: /^SI\d{8}$/,
  SK: /^SK\d{10}$/,
};

/**
 * A tax number without spaces, dots and dashes, in upper case. Throws `BILLING.INVALID_TAX_ID` when it is none of `country`
 * (ISO 3166-1 alpha-2): a wrong check character of a GSTIN, an unknown state, a format that VIES does not know. Numbers of other countries
 * are not checked.
 */
export function parseTaxId(country: string, text: string): string {
  const id = text.replaceAll(/[\s.-]/g, '').toUpperCase();
  const refuse = (detail: string) => {
    throw new AppError(INVALID_TAX_ID, { detail, problems: [{ detail, pointer: '/tax_id' }] });
  };
  if (country === 'IN') {
    const state = GSTIN.exec(id)?.[1];
    if (!state || !INDIAN_STATES.some(({ gst }) => gst === state))
      refuse('A GSTIN has 15 characters: state code, PAN, registration, Z, check character.');
    if (gstinCheckCharacter(id.slice(0, 14)) !== id[14]) refuse('The check character of the GSTIN is wrong.');
  } else if (VAT_FORMATS[country] && !VAT_FORMATS[country].test(id)) {
    refuse(`Expected a VAT number of ${country} with its prefix, as VIES shows it.`);
  }
  return id;
}
