import {
  INDIAN_STATES,
  type OutputOf,
  type putBillingProfile,
  REQUIRED_FOR_INVOICES,
} from '@gridworks/contracts';
import type { InvoiceParty } from '../invoices/invoice-document.ts';
import type { TaxParty } from '../tax/treat-supply.ts';

export type PublicProfile = OutputOf<typeof putBillingProfile>;

/** A row of `billing_profiles`; members of a partner without a row are null. */
export type BillingProfile = Omit<PublicProfile, 'object' | 'missing' | 'updated_at'> & {
  readonly updated_at: Date | null;
};

/** What counts for a partner that has set nothing: prices in euro, months of UTC. */
export const emptyProfile = (partnerId: string): BillingProfile => ({
  ...{ partner_id: partnerId, legal_name: null, address_lines: [], city: null, postal_code: null },
  ...{ country: null, state: null, tax_id: null, currency: 'EUR', locale: 'en-IE', time_zone: 'UTC' },
  ...{ email: null, updated_at: null },
});

/** The members that an invoice needs and the profile lacks. */
export function missingIn(profile: BillingProfile): PublicProfile['missing'] {
  return REQUIRED_FOR_INVOICES.filter((member) =>
    member === 'address_lines' ? profile.address_lines.length === 0 : profile[member] === null,
  );
}

export function presentProfile({ updated_at, ...profile }: BillingProfile): PublicProfile {
  return {
    ...{ object: 'billing_profile', ...profile, missing: missingIn({ ...profile, updated_at }) },
    updated_at: updated_at?.toISOString() ?? null,
  };
}

/** A party of an invoice, and what the tax asks of it. */
export interface BilledParty {
  readonly party: InvoiceParty;
  readonly tax: TaxParty;
}

/** The members of a profile or of the seller that an invoice prints. */
export interface PartyProfile {
  readonly legal_name: string;
  readonly address_lines: readonly string[];
  readonly city: string;
  readonly postal_code: string | null;
  readonly country: string;
  readonly state: string | null;
  readonly tax_id: string | null;
  readonly email: string;
}

/** Whether nothing that an invoice needs is missing. */
export const isComplete = (profile: BillingProfile): profile is BillingProfile & PartyProfile =>
  missingIn(profile).length === 0;

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** The English name of a country; undefined for letters that are none. */
export const countryName = (country: string): string | undefined => COUNTRIES.of(country);

/** The party as it is printed, with the state in India (CGST rule 46), and as the tax sees it. */
export function partyOf(profile: PartyProfile): BilledParty {
  const { country, state, tax_id: taxId } = profile;
  const inIndia = country === 'IN' ? stateOf(taxId, state) : undefined;
  const place = [profile.city, profile.postal_code].filter((part) => part !== null).join(' ');
  return {
    party: {
      name: profile.legal_name,
      address: [
        ...profile.address_lines,
        inIndia ? `${place}, ${inIndia.name} (${inIndia.gst})` : place,
        countryName(country) ?? country,
      ],
      taxId: taxId === null ? null : { label: labelOf(country), id: taxId },
      email: profile.email,
    },
    tax: {
      ...{ country, ...(inIndia && { state: inIndia.iso }), ...(taxId !== null && { taxId }) },
    },
  };
}

/** The state of India that the GSTIN says, else the one of the address. */
const stateOf = (gstin: string | null, iso: string | null) =>
  INDIAN_STATES.find((state) => (gstin ? gstin.startsWith(state.gst) : state.iso === iso));

const EU_VAT = /^(AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)$/;

function labelOf(country: string): string {
  if (country === 'IN') return 'GSTIN';
  return EU_VAT.test(country) || country === 'GB' || country === 'CH' ? 'VAT' : 'Tax number';
}
