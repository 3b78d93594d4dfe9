import * as z from 'zod/mini';
import type { Api } from '../api/portal.ts';

export type BillingProfile = Awaited<ReturnType<Api['billingProfiles']['get']>>;

export const PROFILE_KEY = ['billing-profile'] as const;

const text = (most: number) => z.string().check(z.trim(), z.maxLength(most, `At most ${most} characters`));
const needed = (most: number, missing: string) => text(most).check(z.minLength(1, missing));

const MOST_LINES = 3;
const linesOf = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The rules of `PUT /v1/billing-profile`, with the lines of the address as one text; a spec compares them with the contract. */
export const profileSchema = z.object({
  legal_name: needed(200, 'Enter the name of the company'),
  address_lines: text(320).check(
    z.refine((value) => linesOf(value).length > 0, 'Enter the street'),
    z.refine((value) => linesOf(value).length <= MOST_LINES, 'At most three lines'),
    z.refine((value) => linesOf(value).every((line) => line.length <= 100), 'At most 100 characters a line'),
  ),
  postal_code: text(16),
  city: needed(80, 'Enter the city'),
  country: z.string().check(z.minLength(1, 'Choose the country')),
  state: z.string(),
  tax_id: text(32),
  currency: z.string(),
  time_zone: z.string(),
  email: needed(254, 'Enter an address').check(z.email('This is no email address')),
});
export type ProfileForm = z.output<typeof profileSchema>;

/** What the form shows of a profile. */
export function formOf(profile: BillingProfile): ProfileForm {
  return {
    legal_name: profile.legal_name ?? '',
    address_lines: profile.address_lines.join('\n'),
    postal_code: profile.postal_code ?? '',
    city: profile.city ?? '',
    country: profile.country ?? '',
    state: profile.state ?? '',
    tax_id: profile.tax_id ?? '',
    currency: profile.currency,
    time_zone: profile.time_zone,
    email: profile.email ?? '',
  };
}

/** What the API is sent for a form. A state is asked for in India only. `locale` stays as it is. */
export function inputOf(form: ProfileForm, { locale }: Pick<BillingProfile, 'locale'>) {
  return {
    ...form,
    address_lines: linesOf(form.address_lines),
    postal_code: form.postal_code || null,
    state: form.country === 'IN' && form.state !== '' ? form.state : null,
    tax_id: form.tax_id || null,
    locale: localeFor(form.country, locale),
  };
}

/** English with the numbers and dates of the country; a language that somebody set by the API stays. */
function localeFor(country: string, current: string): string {
  return current.startsWith('en') && country !== '' ? `en-${country}` : current;
}
