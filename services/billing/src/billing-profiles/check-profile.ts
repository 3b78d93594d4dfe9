import {
  AppError,
  INDIAN_STATES,
  INVALID_INPUT,
  INVALID_TAX_ID,
  type InputProblem,
  type ParsedInputOf,
  type putBillingProfile,
} from '@gridworks/contracts';
import { findUnprintable } from '../invoices/pdf/page.ts';
import { exponentOf } from '../money/currency.ts';
import { parseTaxId } from '../tax/tax-id.ts';
import { countryName } from './billing-profile.ts';

type WrittenProfile = ParsedInputOf<typeof putBillingProfile>;

/**
 * The profile as it is stored: the tax number without spaces, the locale in its canonical form. Throws `PLATFORM.INVALID_INPUT` with
 * every problem, `BILLING.INVALID_TAX_ID` and `BILLING.UNKNOWN_CURRENCY`.
 */
export function checkProfile(written: WrittenProfile): WrittenProfile {
  const problems = [
    ...(countryName(written.country) === undefined
      ? [{ detail: `${written.country} is no country of ISO 3166-1`, pointer: '/country' }]
      : []),
    ...stateProblems(written),
    ...(isZone(written.time_zone)
      ? []
      : [{ detail: `${written.time_zone} is no time zone of the IANA database`, pointer: '/time_zone' }]),
    ...(isLocale(written.locale)
      ? []
      : [{ detail: `${written.locale} is no language tag of BCP 47`, pointer: '/locale' }]),
    ...unprintable(written),
  ];
  if (problems.length > 0) throw new AppError(INVALID_INPUT, { problems });
  exponentOf(written.currency);
  const taxId = written.tax_id === null ? null : parseTaxId(written.country, written.tax_id);
  requireSameState(taxId, written);
  return { ...written, tax_id: taxId, locale: Intl.getCanonicalLocales(written.locale)[0] as string };
}

function stateProblems({ country, state, tax_id }: WrittenProfile): InputProblem[] {
  const pointer = '/state';
  if (country !== 'IN')
    return state === null ? [] : [{ detail: 'is asked for in India only: leave it out', pointer }];
  if (state === null)
    return tax_id === null ? [{ detail: 'is required in India, where it decides the tax', pointer }] : [];
  return INDIAN_STATES.some(({ iso }) => iso === state)
    ? []
    : [{ detail: `${state} is no state of India (ISO 3166-2:IN)`, pointer }];
}

/** The GSTIN decides the place of supply, so an address elsewhere is a mistake in one of them. */
function requireSameState(gstin: string | null, { country, state }: WrittenProfile): void {
  if (country !== 'IN' || gstin === null || state === null) return;
  const registered = INDIAN_STATES.find(({ gst }) => gstin.startsWith(gst));
  if (registered?.iso === state) return;
  const detail = `The GSTIN is of ${registered?.name}, and the address of ${state}.`;
  throw new AppError(INVALID_TAX_ID, { detail, problems: [{ detail, pointer: '/tax_id' }] });
}

/** What the fonts of the PDF lack would be an empty box on the invoice. */
function unprintable({ legal_name, address_lines, city }: WrittenProfile): InputProblem[] {
  const texts: [string, string][] = [
    ['/legal_name', legal_name],
    ...address_lines.map((line, index): [string, string] => [`/address_lines/${index}`, line]),
    ['/city', city],
  ];
  return texts.flatMap(([pointer, text]) => {
    const missing = findUnprintable(text);
    if (missing.length === 0) return [];
    return [
      {
        detail: `an invoice cannot print ${missing.join(' ')}: use Latin, Greek or Cyrillic letters`,
        pointer,
      },
    ];
  });
}

function isZone(name: string): boolean {
  // `+05:30` is a zone for Intl, and none of the IANA database.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length === 1;
  } catch {
    return false;
  }
}
