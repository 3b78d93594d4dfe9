import type { Bus } from '@gridworks/bus';
import {
  acceptInvitation,
  accountMailRequested,
  changePassword,
  changePlatformRole,
  confirmEmail,
  createInvitation,
  createRole,
  type InputOf,
  invitePlatformPerson,
  joinPartner,
  listInvitations,
  listMembers,
  newId,
  type OutputOf,
  type Principal,
  type RequestContract,
  readInvitation,
  requestEmailConfirmation,
  requestPasswordReset,
  resendInvitation,
  resetPassword,
  revokeInvitation,
} from '@gridworks/contracts';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { asAdmin, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mailTo, PASSWORD, PortalUser, startAuth } from './auth-under-test.ts';

const NEW_PASSWORD = 'battery staple correct';
const refused = { code: 'AUTH.LINK_REFUSED', kind: 'invalid_input' };

describe('mails to persons', () => {
  let auth: ServiceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let smtp: SmtpServerHandle;
  beforeAll(async () => {
    smtp = await startSmtp();
    ({ auth } = await startAuth({
      SMTP_URL: smtp.url,
      AUTH_ADMIN_EMAIL: 'admin@example.com',
      AUTH_ADMIN_PASSWORD: PASSWORD,
    }));
    await auth.startInstance();
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
  });
  afterEach(() => smtp.reject(null));
  afterAll(async () => {
    await auth.stop();
    await smtp.stop();
  });

  const as =
    (principal: Principal) =>
    <C extends RequestContract>(contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
      gateway.request(contract, input, { principal });
  const newAddress = () => `${newId('request').toLowerCase()}@example.com`;

  describe('confirm an address', () => {
    it('with a link that is in no table and no event', async () => {
      const { user } = await portal.register();
      const mail = await mailTo(smtp, user.email, 'Confirm your email address');
      expect(mail.text).toContain(`https://portal.example/confirm-email#token=${mail.token}`);
      expect(mail.html).toContain(mail.token);
      for (const table of ['account_tokens', 'outbox', 'inbox'])
        expect(
          await auth.query(`select 1 from ${table} t where t::text like '%' || $1 || '%'`, [mail.token]),
        ).toEqual([]);
      const first = await gateway.request(confirmEmail, { token: mail.token });
      expect(first).toMatchObject({ email: user.email });
      // Programs that read mail open links, too: the link works again, and changes nothing.
      expect(await gateway.request(confirmEmail, { token: mail.token })).toEqual(first);
      expect((await portal.logIn(user.email)).user.email_confirmed_at).toBe(first.confirmed_at);
      // The event counts as consumed, so that no sweeper has it delivered again.
      const [{ id } = { id: '' }] = await auth.query<{ id: string }>(
        `select id from outbox where event::text like '%' || $1 || '%' and subject = $2`,
        [user.id, accountMailRequested.subject],
      );
      await eventually(async () =>
        expect(await auth.query('select 1 from inbox where event_id = $1', [id])).toHaveLength(1),
      );
    });

    it('again on request; the old link stops working', async () => {
      const { user } = await portal.register();
      const first = await mailTo(smtp, user.email, 'Confirm');
      const owner = await portal.verify('session', (await portal.logIn(user.email)).token);
      smtp.clear();
      await as(owner)(requestEmailConfirmation, {});
      const second = await mailTo(smtp, user.email, 'Confirm');
      await expect(gateway.request(confirmEmail, { token: first.token })).rejects.toMatchObject(refused);
      await gateway.request(confirmEmail, { token: second.token });
      smtp.clear();
      expect((await as(owner)(requestEmailConfirmation, {})).confirmed_at).not.toBeNull();
      expect(smtp.messages).toEqual([]);
    });

    it('but not with a wrong, old or foreign link', async () => {
      const { user } = await portal.register();
      const { token } = await mailTo(smtp, user.email, 'Confirm');
      await auth.query(`update account_tokens set expires_at = now() where user_id = $1`, [user.id]);
      await expect(gateway.request(confirmEmail, { token })).rejects.toMatchObject(refused);
      await expect(gateway.request(confirmEmail, { token: 'x'.repeat(43) })).rejects.toMatchObject(refused);
      await expect(
        gateway.request(resetPassword, { token, new_password: NEW_PASSWORD }),
      ).rejects.toMatchObject(refused);
    });

    it('as soon as the mail server is back', async () => {
      smtp.reject(451);
      const { user } = await portal.register();
      await eventually(async () =>
        expect(await auth.query('select 1 from account_tokens where user_id = $1', [user.id])).toHaveLength(
          1,
        ),
      );
      smtp.reject(null);
      const { token } = await eventually(() => mailTo(smtp, user.email, 'Confirm'), { timeoutMs: 30_000 });
      await gateway.request(confirmEmail, { token });
    });
  });

  describe('set another password', () => {
    it('once, and end all sessions', async () => {
      const { user } = await portal.register();
      const session = await portal.logIn(user.email);
      await gateway.request(requestPasswordReset, { email: user.email.toUpperCase() });
      const { token } = await mailTo(smtp, user.email, 'Choose a new password');
      await expect(
        gateway.request(resetPassword, { token, new_password: 'Password12345' }),
      ).rejects.toMatchObject({ code: 'AUTH.PASSWORD_BREACHED' });
      const done = await gateway.request(resetPassword, { token, new_password: NEW_PASSWORD });
      expect(done).toMatchObject({ email: user.email, ended_sessions: 1 });
      await expect(portal.verify('session', session.token)).rejects.toMatchObject({
        code: 'AUTH.CREDENTIAL_REFUSED',
      });
      await expect(portal.logIn(user.email)).rejects.toMatchObject({ code: 'AUTH.LOGIN_REFUSED' });
      // The link showed that the person reads the mail.
      expect((await portal.logIn(user.email, NEW_PASSWORD)).user.email_confirmed_at).not.toBeNull();
      await expect(gateway.request(resetPassword, { token, new_password: PASSWORD })).rejects.toMatchObject(
        refused,
      );
      await mailTo(smtp, user.email, 'Your password was changed');
    });

    it('for one of many simultaneous uses of the link', async () => {
      const { user } = await portal.register();
      await gateway.request(requestPasswordReset, { email: user.email });
      const { token } = await mailTo(smtp, user.email, 'Choose a new password');
      const all = await Promise.allSettled(
        Array.from({ length: 6 }, (_, i) =>
          gateway.request(resetPassword, { token, new_password: `${NEW_PASSWORD} ${i}` }),
        ),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('are the same to the caller for an unknown address, and send nothing there', async () => {
      const { user } = await portal.register();
      const unknown = newAddress();
      const known = await gateway.request(requestPasswordReset, { email: user.email });
      expect(await gateway.request(requestPasswordReset, { email: unknown })).toEqual(known);
      await mailTo(smtp, user.email, 'Choose a new password');
      expect(smtp.messages.some(({ to }) => to.includes(unknown))).toBe(false);
    });

    it('are bounded for each address, known or not', async () => {
      for (const email of [(await portal.register()).user.email, newAddress()]) {
        const all = await Promise.allSettled(
          Array.from({ length: 8 }, () => gateway.request(requestPasswordReset, { email })),
        );
        expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
        await expect(gateway.request(requestPasswordReset, { email })).rejects.toMatchObject({
          code: 'AUTH.TOO_MANY_MAILS',
          retryAfterMs: expect.any(Number),
        });
      }
    });

    it('tell the person that it was changed', async () => {
      const { user } = await portal.register();
      const owner = await portal.verify('session', (await portal.logIn(user.email)).token);
      await as(owner)(changePassword, { old_password: PASSWORD, new_password: NEW_PASSWORD });
      const mail = await mailTo(smtp, user.email, 'Your password was changed');
      expect(mail.text).toContain('https://portal.example/forgot-password');
    });
  });

  describe('invite', () => {
    it('a stranger, who gets an account and the role', async () => {
      const owner = await portal.owner();
      const email = newAddress();
      const role = await as(owner)(createRole, { name: 'Analyst', permissions: ['usage:read'] });
      const invitation = await as(owner)(createInvitation, { email, role: role.id });
      expect(invitation).toMatchObject({
        email,
        role: 'custom',
        custom_role: { name: 'Analyst' },
        expired: false,
      });
      const mail = await mailTo(smtp, email, 'invites you to Ada Energy');
      expect(mail.text).toContain('with the role Analyst');
      const letter = await gateway.request(readInvitation, { token: mail.token });
      expect(letter).toMatchObject({
        email,
        partner_name: 'Ada Energy',
        role_name: 'Analyst',
        has_account: false,
      });
      await eventually(async () =>
        expect((await as(owner)(listInvitations, {})).data[0]?.sent_at).not.toBeNull(),
      );
      const { user } = await gateway.request(acceptInvitation, {
        token: mail.token,
        password: NEW_PASSWORD,
        name: 'Grace',
      });
      expect(user).toMatchObject({ email, name: 'Grace', email_confirmed_at: expect.any(String) });
      const session = await portal.logIn(email, NEW_PASSWORD);
      expect(session).toMatchObject({
        partner: { id: owner.partner_id },
        role: 'custom',
        permissions: ['usage:read'],
      });
      expect((await as(owner)(listInvitations, {})).data).toEqual([]);
      await expect(gateway.request(readInvitation, { token: mail.token })).rejects.toMatchObject(refused);
    });

    it('a person with an account, who joins with it', async () => {
      const owner = await portal.owner();
      const { user } = await portal.register();
      await as(owner)(createInvitation, { email: user.email, role: 'billing' });
      const { token } = await mailTo(smtp, user.email, 'invites you');
      expect((await gateway.request(readInvitation, { token })).has_account).toBe(true);
      await expect(
        gateway.request(acceptInvitation, { token, password: NEW_PASSWORD }),
      ).rejects.toMatchObject({ code: 'AUTH.EMAIL_TAKEN' });
      // The link of one person is of no use to another.
      const stranger = await portal.owner();
      await expect(as(stranger)(joinPartner, { token })).rejects.toMatchObject({
        code: 'AUTH.INVITED_ANOTHER',
      });
      const person = await portal.verify('session', (await portal.logIn(user.email)).token);
      const joined = await as(person)(joinPartner, { token });
      expect(joined).toMatchObject({ role: 'billing', partner: { id: owner.partner_id } });
      await expect(as(owner)(createInvitation, { email: user.email, role: 'viewer' })).rejects.toMatchObject({
        code: 'AUTH.ALREADY_MEMBER',
      });
    });

    it('once at a time, again with a new link, and not after it was revoked or expired', async () => {
      const owner = await portal.owner();
      const email = newAddress();
      const { id } = await as(owner)(createInvitation, { email, role: 'viewer' });
      await expect(as(owner)(createInvitation, { email, role: 'admin' })).rejects.toMatchObject({
        code: 'AUTH.ALREADY_INVITED',
      });
      const first = await mailTo(smtp, email, 'invites you');
      smtp.clear();
      await as(owner)(resendInvitation, { id });
      const second = await mailTo(smtp, email, 'invites you');
      await expect(gateway.request(readInvitation, { token: first.token })).rejects.toMatchObject(refused);
      await gateway.request(readInvitation, { token: second.token });
      await auth.query('update invitations set expires_at = now() where id = $1', [id]);
      await expect(
        gateway.request(acceptInvitation, { token: second.token, password: NEW_PASSWORD }),
      ).rejects.toMatchObject(refused);
      expect((await as(owner)(listInvitations, {})).data[0]).toMatchObject({ id, expired: true });
      await as(owner)(revokeInvitation, { id });
      await expect(as(owner)(revokeInvitation, { id })).rejects.toMatchObject({
        code: 'AUTH.INVITATION_NOT_FOUND',
      });
      await as(owner)(createInvitation, { email, role: 'viewer' });
    });

    it('for one of many simultaneous uses of the link', async () => {
      const owner = await portal.owner();
      const email = newAddress();
      await as(owner)(createInvitation, { email, role: 'viewer' });
      const { token } = await mailTo(smtp, email, 'invites you');
      const all = await Promise.allSettled(
        Array.from({ length: 6 }, () => gateway.request(acceptInvitation, { token, password: NEW_PASSWORD })),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await as(owner)(listMembers, {})).data).toHaveLength(2);
    });

    it('to no role above the own, and only from the own partner', async () => {
      const [owner, stranger] = [await portal.owner(), await portal.owner()];
      const admin: Principal = { ...owner, role: 'admin' };
      await expect(as(admin)(createInvitation, { email: newAddress(), role: 'owner' })).rejects.toMatchObject(
        { code: 'AUTH.ABOVE_OWN_ROLE' },
      );
      const { id } = await as(owner)(createInvitation, { email: newAddress(), role: 'viewer' });
      for (const request of [as(stranger)(revokeInvitation, { id }), as(stranger)(resendInvitation, { id })])
        await expect(request).rejects.toMatchObject({ code: 'AUTH.INVITATION_NOT_FOUND' });
      const foreign = await as(stranger)(createRole, { name: 'Foreign', permissions: ['usage:read'] });
      await expect(
        as(owner)(createInvitation, { email: newAddress(), role: foreign.id }),
      ).rejects.toMatchObject({ code: 'AUTH.ROLE_NOT_FOUND' });
    });

    it('to GridWorks itself, with a role of the platform', async () => {
      const email = newAddress();
      const admin = await portal.verify('session', (await portal.logIn('admin@example.com')).token);
      await as(admin)(invitePlatformPerson, { email, role: 'platform_sre' });
      const { token } = await mailTo(smtp, email, 'invites you to GridWorks');
      const { user } = await gateway.request(acceptInvitation, { token, password: NEW_PASSWORD });
      expect(user.platform_role).toBe('platform_sre');
      const session = await portal.logIn(email, NEW_PASSWORD);
      expect(session).toMatchObject({ partner: null, role: 'platform_sre' });
      await as(admin)(changePlatformRole, { id: user.id, platform_role: 'platform_auditor' });
      await expect(portal.verify('session', session.token)).rejects.toMatchObject({
        code: 'AUTH.CREDENTIAL_REFUSED',
      });
      // People of partners never get a role of the platform, and people of GridWorks are in no partner.
      const owner = await portal.owner();
      await expect(
        as(admin)(changePlatformRole, { id: owner.user_id!, platform_role: 'platform_admin' }),
      ).rejects.toMatchObject({ code: 'AUTH.PLATFORM_PERSON' });
      await as(owner)(createInvitation, { email, role: 'viewer' });
      const invited = await mailTo(smtp, email, 'invites you to Ada Energy');
      const auditor = await portal.verify('session', (await portal.logIn(email, NEW_PASSWORD)).token);
      expect(auditor.role).toBe('platform_auditor');
      await expect(as(auditor)(joinPartner, { token: invited.token })).rejects.toMatchObject({
        code: 'AUTH.PLATFORM_PERSON',
      });
      expect(
        (
          await asAdmin(gateway)
            .request(listInvitations, {})
            .catch((error) => error)
        ).code,
      ).toBe('PLATFORM.FORBIDDEN');
    });
  });
});
