import type { Bus } from '@gridworks/bus';
import { getBillingProfile, newId, type Principal, putBillingProfile } from '@gridworks/contracts';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountant } from './accountant.ts';
import { startBilling } from './billing-under-test.ts';

const PROFILE = {
  ...{ legal_name: 'Lakshmi Logistics LLP', address_lines: ['88 Brigade Road'], city: 'Bengaluru' },
  ...{ postal_code: '560001', country: 'IN', state: 'KA', tax_id: '29aapfu0939f1zr', currency: 'INR' },
  ...{ locale: 'en-IN', time_zone: 'Asia/Kolkata', email: 'accounts@lakshmi.example' },
};

describe('the billing profile', () => {
  let billing: ServiceUnderTest;
  let gateway: Bus;
  beforeAll(async () => {
    billing = await startBilling();
    await billing.startInstance();
    gateway = await billing.startGateway();
  });
  afterAll(() => billing.stop());

  const get = (principal: Principal) => gateway.request(getBillingProfile, {}, { principal });

  it('says what is missing until it is set, and is the own one alone', async () => {
    const mine = accountant(newId('partner'));
    expect(await get(mine)).toMatchObject({
      ...{ partner_id: mine.partner_id, legal_name: null, currency: 'EUR', time_zone: 'UTC' },
      ...{ missing: ['legal_name', 'address_lines', 'city', 'country', 'email'], updated_at: null },
    });
    const stored = await gateway.request(putBillingProfile, PROFILE, { principal: mine });
    expect(stored).toMatchObject({ ...PROFILE, tax_id: '29AAPFU0939F1ZR', missing: [] });
    expect(await get(mine)).toEqual(stored);
    expect((await get(accountant(newId('partner')))).legal_name).toBeNull();
    const again = { ...PROFILE, legal_name: 'Lakshmi Freight LLP', country: 'DE', state: null, tax_id: null };
    await gateway.request(putBillingProfile, again, { principal: mine });
    expect(await get(mine)).toMatchObject({ legal_name: 'Lakshmi Freight LLP', country: 'DE', state: null });
    expect(await billing.query('select count(*)::int as n from billing_profiles')).toEqual([{ n: 1 }]);
  });

  it('leaves an entry of the audit log with the state before', async () => {
    const principal = accountant(newId('partner'));
    await gateway.request(putBillingProfile, PROFILE, { principal });
    const entries = await billing.query<{ event: object }>(
      `select event from outbox where event::text like $1`,
      [`%${principal.partner_id}%`],
    );
    expect(entries.map(({ event }) => event)).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({
          ...{ action: 'billing_profile.changed', object_id: principal.partner_id },
          before: expect.objectContaining({ legal_name: null }),
          after: expect.objectContaining({ legal_name: 'Lakshmi Logistics LLP', currency: 'INR' }),
        }),
      }),
    ]);
  });

  it('is refused with a wrong number, to a developer and without a fresh proof', async () => {
    const principal = accountant(newId('partner'));
    const put = (profile: object, as = principal) =>
      gateway.request(putBillingProfile, { ...PROFILE, ...profile }, { principal: as });
    await expect(put({ tax_id: '29AAPFU0939F1ZX' })).rejects.toMatchObject({
      ...{ code: 'BILLING.INVALID_TAX_ID', problems: [{ pointer: '/tax_id' }] },
    });
    await expect(put({ address_lines: [] })).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    await expect(put({}, { ...principal, role: 'developer' })).rejects.toMatchObject({ kind: 'forbidden' });
    const authenticated_at = new Date(Date.now() - 3_600_000).toISOString();
    await expect(put({}, { ...principal, authenticated_at })).rejects.toMatchObject({
      code: 'AUTH.STEP_UP_REQUIRED',
    });
    expect((await get(principal)).missing).not.toEqual([]);
  });
});
