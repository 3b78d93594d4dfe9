import { describe, expect, it } from '@jest/globals';
import { partyOf } from './billing-profile.ts';
import { checkProfile } from './check-profile.ts';
import { LOCAL_SELLER, sellerSetting } from './seller.ts';

const INDIAN = {
  ...{ legal_name: 'Lakshmi Logistics LLP', address_lines: ['88 Brigade Road'], city: 'Bengaluru' },
  ...{ postal_code: '560001', country: 'IN', state: 'KA', tax_id: '29AAPFU0939F1ZR', currency: 'INR' },
  ...{ locale: 'en-in', time_zone: 'Asia/Kolkata', email: 'accounts@lakshmi.example' },
};
const GERMAN = { ...INDIAN, country: 'DE', state: null, tax_id: 'DE 123 456 789', currency: 'EUR' };
const refused = (code: string, pointer: string) =>
  expect.objectContaining({ code, problems: [expect.objectContaining({ pointer })] });

describe('checkProfile', () => {
  it('writes tax numbers without spaces and locales as BCP 47 does', () => {
    expect(checkProfile(GERMAN)).toEqual({ ...GERMAN, tax_id: 'DE123456789', locale: 'en-IN' });
    expect(checkProfile({ ...INDIAN, state: null })).toMatchObject({ tax_id: INDIAN.tax_id });
    expect(checkProfile({ ...INDIAN, tax_id: null })).toMatchObject({ state: 'KA' });
  });

  it.each([
    [{ ...GERMAN, country: 'XQ', tax_id: null }, '/country'],
    [{ ...INDIAN, state: 'ZZ' }, '/state'],
    [{ ...INDIAN, state: null, tax_id: null }, '/state'],
    [{ ...GERMAN, state: 'BE' }, '/state'],
    [{ ...GERMAN, time_zone: 'Europe/Atlantis' }, '/time_zone'],
    [{ ...GERMAN, time_zone: '+05:30' }, '/time_zone'],
    [{ ...GERMAN, locale: 'x' }, '/locale'],
    [{ ...GERMAN, legal_name: '株式会社' }, '/legal_name'],
    [{ ...GERMAN, address_lines: ['Torstraße 140', '株'] }, '/address_lines/1'],
  ])('refuses %j at %s', (profile, pointer) => {
    expect(() => checkProfile(profile)).toThrow(refused('PLATFORM.INVALID_INPUT', pointer));
  });

  it.each([
    { ...INDIAN, tax_id: '29AAPFU0939F1ZX' },
    { ...INDIAN, state: 'MH' },
    { ...GERMAN, tax_id: 'FR12345678901' },
  ])('refuses the tax number of %j', (profile) => {
    expect(() => checkProfile(profile)).toThrow(refused('BILLING.INVALID_TAX_ID', '/tax_id'));
  });

  it('refuses a currency that is not in use', () => {
    expect(() => checkProfile({ ...GERMAN, currency: 'DEM' })).toThrow(
      expect.objectContaining({ code: 'BILLING.UNKNOWN_CURRENCY' }),
    );
  });
});

describe('a party of an invoice', () => {
  it('is printed with its state in India, and taxed there', () => {
    expect(partyOf(INDIAN)).toEqual({
      party: {
        name: 'Lakshmi Logistics LLP',
        address: ['88 Brigade Road', 'Bengaluru 560001, Karnataka (29)', 'India'],
        ...{ taxId: { label: 'GSTIN', id: '29AAPFU0939F1ZR' }, email: 'accounts@lakshmi.example' },
      },
      tax: { country: 'IN', state: 'KA', taxId: '29AAPFU0939F1ZR' },
    });
    expect(partyOf({ ...GERMAN, tax_id: null, postal_code: null })).toMatchObject({
      party: { address: ['88 Brigade Road', 'Bengaluru', 'Germany'], taxId: null },
      tax: { country: 'DE' },
    });
  });

  it('can be the seller of the settings', () => {
    const seller = sellerSetting.parse(undefined);
    expect(partyOf(seller).tax).toEqual({ country: 'IN', state: 'KA', taxId: '29AABCG1234D1Z3' });
    const wrong = LOCAL_SELLER.replace('1Z3', '1ZX');
    expect(sellerSetting.safeParse(wrong).error?.issues).toMatchObject([{ path: ['tax_id'] }]);
    expect(sellerSetting.safeParse('{').success).toBe(false);
  });
});
