import { putBillingProfile, INDIAN_STATES as STATES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { invoiceMark } from './invoice-words.ts';
import { countries, INDIAN_STATES, timeZones } from './places.ts';
import { inputOf, type ProfileForm, profileSchema } from './profile-schema.ts';

type Marked = Parameters<typeof invoiceMark>[0];
const invoice: Marked = {
  ...({ type: 'invoice', status: 'finalized', payment_status: 'unpaid' } as const),
  ...{ due_on: '2026-12-14', due: 4900 },
};

describe('where an invoice stands', () => {
  it.each<[Partial<Marked>, string, string]>([
    [{}, '2026-12-14', 'Open'],
    [{}, '2026-12-15', 'Overdue'],
    [{ due: 0 }, '2026-12-15', 'Nothing to pay'],
    [{ payment_status: 'paid' }, '2026-12-15', 'Paid'],
    [{ payment_status: 'written_off' }, '2026-12-15', 'Written off'],
    [{ status: 'draft' }, '2026-12-15', 'Draft'],
    [{ status: 'voided' }, '2026-12-15', 'Void'],
    [{ type: 'credit_note', due_on: null }, '2026-12-15', 'Issued'],
    [{ type: 'credit_note', due_on: null, payment_status: 'refunded' }, '2026-12-15', 'Refunded'],
  ])('%j on %s is %s', (change, today, word) => {
    expect(invoiceMark({ ...invoice, ...change }, today).word).toBe(word);
  });
});

describe('places', () => {
  it('have the states of the contract', () => {
    expect(INDIAN_STATES).toEqual(STATES.map(({ iso, name }) => [iso, name]));
  });
  it('are countries with a name and time zones, each once', () => {
    const codes = countries().map(({ value }) => value);
    expect(codes).toEqual(expect.arrayContaining(['DE', 'IN', 'US', 'JP', 'KW']));
    expect(codes.length).toBeGreaterThan(240);
    expect(codes).not.toContain('EU');
    const zones = timeZones('Asia/Calcutta').map(({ value }) => value);
    expect(zones).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Berlin']));
    expect(zones[0]).toBe('UTC');
    expect(new Set(zones).size).toBe(zones.length);
  });
});

const form: ProfileForm = {
  ...{ legal_name: 'Lakshmi Logistics LLP', address_lines: '88 Brigade Road\n\n Second floor ' },
  ...{ postal_code: '', city: 'Bengaluru', country: 'IN', state: 'KA', tax_id: '' },
  ...{ currency: 'INR', time_zone: 'Asia/Kolkata', email: 'accounts@lakshmi.example' },
};

describe('the form of the billing profile', () => {
  it('sends what the contract takes', () => {
    const sent = inputOf(profileSchema.parse(form), { locale: 'en-IE' });
    expect(putBillingProfile.input.parse(sent)).toEqual(sent);
    expect(sent).toMatchObject({
      ...{ address_lines: ['88 Brigade Road', 'Second floor'], postal_code: null, locale: 'en-IN' },
    });
    expect(inputOf({ ...form, country: 'DE' }, { locale: 'de-DE' })).toMatchObject({
      ...{ state: null, locale: 'de-DE' },
    });
  });
  it.each([
    ['legal_name', ''],
    ['legal_name', 'x'.repeat(201)],
    ['address_lines', ' \n '],
    ['address_lines', 'a\nb\nc\nd'],
    ['address_lines', 'x'.repeat(101)],
    ['postal_code', '1'.repeat(17)],
    ['city', ''],
    ['city', 'x'.repeat(81)],
    ['tax_id', '1'.repeat(33)],
    ['email', 'nobody'],
  ] as const)('refuses %s as the contract does: %j', (name, value) => {
    const broken = { ...form, [name]: value };
    expect(profileSchema.safeParse(broken).success).toBe(false);
    expect(putBillingProfile.input.safeParse(inputOf(broken, { locale: 'en' })).success).toBe(false);
  });
});
