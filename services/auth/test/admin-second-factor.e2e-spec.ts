import type { Bus } from '@gridworks/bus';
import {
  authorize,
  confirmTotp,
  createSession,
  credentialDigest,
  enrolTotp,
  getSecondFactors,
  listPartners,
  type Principal,
  removePassword,
  removeTotp,
  verifyCredential,
} from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import type { ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';
import { codeOf } from './second-factor-person.ts';

const EMAIL = 'admin@example.com';
const MISSING = { code: 'AUTH.SECOND_FACTOR_MISSING', kind: 'forbidden' };

describe('an admin who must have a second factor', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  beforeAll(async () => {
    ({ auth } = await startAuth({
      AUTH_ADMIN_EMAIL: EMAIL,
      AUTH_ADMIN_PASSWORD: PASSWORD,
      AUTH_ADMIN_SECOND_FACTOR: 'required',
    }));
    await auth.startInstance();
    gateway = await auth.startGateway();
  });
  afterAll(() => auth.stop());

  it('may only add one until then, and must keep it', async () => {
    const portal = new PortalUser(gateway);
    const { token } = await eventually(() => portal.logIn(EMAIL));
    const principalOf = async (secret: string): Promise<Principal> =>
      (await gateway.request(verifyCredential, { kind: 'session', digest: credentialDigest(secret) }))
        .principal;
    const bare = await principalOf(token);
    expect(bare).toMatchObject({ role: 'platform_admin', second_factor_missing: true });
    await expect(gateway.request(listPartners, {}, { principal: bare })).rejects.toMatchObject(MISSING);
    const { secret } = await gateway.request(enrolTotp, {}, { principal: bare });
    await gateway.request(confirmTotp, { code: codeOf(secret, -1) }, { principal: bare });
    const guarded = await principalOf(token);
    expect(guarded.second_factor_missing).toBeUndefined();
    expect(await gateway.request(listPartners, {}, { principal: guarded })).toMatchObject({ object: 'list' });
    expect(await gateway.request(getSecondFactors, {}, { principal: guarded })).toMatchObject({
      required: true,
    });
    await expect(gateway.request(removeTotp, {}, { principal: guarded })).rejects.toMatchObject(MISSING);
    await expect(gateway.request(removePassword, {}, { principal: guarded })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    const again = gateway.request(createSession, { email: EMAIL, password: PASSWORD });
    await expect(again).rejects.toMatchObject({ code: 'AUTH.SECOND_FACTOR_REQUIRED' });
  });

  it('is no business of partners', async () => {
    const principal = await new PortalUser(gateway).owner();
    expect(principal.second_factor_missing).toBeUndefined();
    expect(() => authorize({ permission: 'api-keys:write' }, principal)).not.toThrow();
  });
});
