import type { Bus } from '@gridworks/bus';
import {
  addDomain,
  type InputOf,
  listDomains,
  newId,
  type OutputOf,
  type Principal,
  type RequestContract,
  removeDomain,
  verifyDomain,
} from '@gridworks/contracts';
import {
  type DnsServerHandle,
  eventually,
  type SmtpServerHandle,
  startDns,
  startSmtp,
} from '@gridworks/testing';
import type { InstanceUnderTest, ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainRepository } from '../src/domains/domain.repository.ts';
import { RecheckDomains } from '../src/domains/recheck-domains.ts';
import { mailTo, PortalUser, startAuth } from './auth-under-test.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

describe('the domains of a partner', () => {
  let auth: ServiceUnderTest;
  let instance: InstanceUnderTest;
  let gateway: Bus;
  let portal: PortalUser;
  let dns: DnsServerHandle;
  let smtp: SmtpServerHandle;

  beforeAll(async () => {
    [dns, smtp] = await Promise.all([startDns(), startSmtp()]);
    ({ auth } = await startAuth({ AUTH_DNS_SERVERS: [dns.address], SMTP_URL: smtp.url }));
    instance = await auth.startInstance();
    gateway = await auth.startGateway();
    portal = new PortalUser(gateway);
  });
  afterAll(async () => {
    await auth.stop();
    await Promise.all([dns.stop(), smtp.stop()]);
  });

  const as =
    (principal: Principal) =>
    <C extends RequestContract>(contract: C, input: InputOf<C>): Promise<OutputOf<C>> =>
      gateway.request(contract, input, { principal, deadlineMs: 6000 });
  const isVerified = (partnerId: string | null, domain: string) =>
    instance.module.get(DomainRepository).isVerified(partnerId ?? '', domain);
  const recheck = (at: number) => instance.module.get(RecheckDomains).run(new Date(at));

  /** A domain of a new owner, verified. */
  async function verified(domain: string) {
    const owner = await portal.owner();
    const added = await as(owner)(addDomain, { domain });
    dns.setTxt(added.record.name, 'v=spf1 -all', added.record.value);
    await as(owner)(verifyDomain, { id: added.id });
    return { owner, id: added.id, record: added.record };
  }
  const statusOf = async (owner: Principal, id: string) =>
    (await as(owner)(listDomains, {})).data.find((one) => one.id === id)?.status;

  it('are verified by a TXT record, and only then', async () => {
    const owner = await portal.owner();
    const added = await as(owner)(addDomain, { domain: ' Ada-Energy.COM. ' });
    expect(added).toMatchObject({
      domain: 'ada-energy.com',
      status: 'pending',
      record: {
        name: '_gridworks-challenge.ada-energy.com',
        value: expect.stringMatching(/^gridworks-domain-verification=[0-9A-Za-z]{32}$/),
      },
    });
    const verify = () => as(owner)(verifyDomain, { id: added.id });
    await expect(verify()).rejects.toMatchObject({
      code: 'AUTH.DOMAIN_UNPROVEN',
      details: { found: 0 },
    });
    dns.setTxt(added.record.name, 'gridworks-domain-verification=something else');
    await expect(verify()).rejects.toMatchObject({ code: 'AUTH.DOMAIN_UNPROVEN', details: { found: 1 } });
    expect(await isVerified(owner.partner_id, 'ada-energy.com')).toBe(false);

    dns.setTxt(added.record.name, 'something else', added.record.value);
    expect(await verify()).toMatchObject({ status: 'verified', verified_at: expect.any(String) });
    expect(await isVerified(owner.partner_id, 'ada-energy.com')).toBe(true);
    // A subdomain is a domain of its own.
    expect(await isVerified(owner.partner_id, 'mail.ada-energy.com')).toBe(false);
    expect((await as(owner)(listDomains, {})).data).toMatchObject([{ id: added.id, status: 'verified' }]);
  });

  it('are refused when nobody can own them, or when they are listed already', async () => {
    const owner = await portal.owner();
    const add = (domain: string) => as(owner)(addDomain, { domain });
    await expect(add('gmail.com')).rejects.toMatchObject({ code: 'AUTH.DOMAIN_REFUSED' });
    await expect(add('co.uk')).rejects.toMatchObject({ code: 'AUTH.DOMAIN_REFUSED' });
    await expect(add('192.0.2.1')).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT' });
    await add('grace-wind.com');
    await expect(add('GRACE-wind.com')).rejects.toMatchObject({ code: 'AUTH.DOMAIN_EXISTS' });
  });

  it('belong to one partner at a time, and whoever has no record learns nothing', async () => {
    const first = await verified('one-owner.com');
    const other = await portal.owner();
    const added = await as(other)(addDomain, { domain: 'one-owner.com' });
    expect(added.status).toBe('pending');
    const verify = () => as(other)(verifyDomain, { id: added.id });
    // The record of the owner is there, and is not theirs.
    await expect(verify()).rejects.toMatchObject({ code: 'AUTH.DOMAIN_UNPROVEN' });
    dns.setTxt(added.record.name, first.record.value, added.record.value);
    await expect(verify()).rejects.toMatchObject({ code: 'AUTH.DOMAIN_TAKEN' });
    expect(await isVerified(first.owner.partner_id, 'one-owner.com')).toBe(true);

    await as(first.owner)(removeDomain, { id: first.id });
    expect(await verify()).toMatchObject({ status: 'verified' });
    expect(await isVerified(first.owner.partner_id, 'one-owner.com')).toBe(false);
    expect(await isVerified(other.partner_id, 'one-owner.com')).toBe(true);
  });

  it('are verified by exactly one of two partners that publish their records at the same time', async () => {
    const owners = await Promise.all([portal.owner(), portal.owner()]);
    const added = await Promise.all(owners.map((owner) => as(owner)(addDomain, { domain: 'at-once.com' })));
    dns.setTxt(added[0]!.record.name, ...added.map(({ record }) => record.value));
    const results = await Promise.allSettled(
      owners.map((owner, index) => as(owner)(verifyDomain, { id: added[index]!.id })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      code: 'AUTH.DOMAIN_TAKEN',
    });
  });

  it('of another partner are neither seen, verified nor removed', async () => {
    const { id } = await verified('foreign.com');
    const other = await portal.owner();
    expect((await as(other)(listDomains, {})).data).toEqual([]);
    for (const one of [id, newId('domain')]) {
      const notFound = { code: 'AUTH.DOMAIN_NOT_FOUND', message: 'There is no such domain' };
      await expect(as(other)(verifyDomain, { id: one })).rejects.toMatchObject(notFound);
      await expect(as(other)(removeDomain, { id: one })).rejects.toMatchObject(notFound);
    }
    expect(dns.questions.filter((name) => name.endsWith('.foreign.com'))).toHaveLength(1);
  });

  it('say so when the name servers do not answer, and go on with the next domain', async () => {
    const owner = await portal.owner();
    const added = await as(owner)(addDomain, { domain: 'silent.com' });
    dns.setTxt(added.record.name, added.record.value);
    for (const fault of ['silent', 'servfail'] as const) {
      dns.fail(added.record.name, fault);
      await expect(as(owner)(verifyDomain, { id: added.id })).rejects.toMatchObject({
        code: 'PLATFORM.UNAVAILABLE',
      });
    }
    await verified('still-answered.com');
    dns.fail(added.record.name, null);
    expect(await as(owner)(verifyDomain, { id: added.id })).toMatchObject({ status: 'verified' });
  }, 30_000);

  it('stay verified for seven days without their record; then owners are mailed once', async () => {
    const lapsing = `lapsing-${Date.now()}.com`;
    const { owner, id, record } = await verified(lapsing);
    const kept = await verified(`kept-${Date.now()}.com`);
    const [{ email }] = (await auth.query<{ email: string }>('select email from users where id = $1', [
      owner.user_id,
    ])) as [{ email: string }];
    const start = Date.now() + MINUTE_MS;
    dns.setTxt(record.name);
    await recheck(start + DAY_MS / 2);
    expect(await statusOf(owner, id)).toBe('verified');
    await recheck(start + DAY_MS);
    expect(await statusOf(owner, id)).toBe('failing');
    // A name server that does not answer says neither yes nor no.
    dns.fail(record.name, 'servfail');
    await recheck(start + 2 * DAY_MS);
    dns.fail(record.name, null);
    for (let day = 3; day <= 7; day++) await recheck(start + day * DAY_MS + MINUTE_MS * day);
    expect(await statusOf(owner, id)).toBe('failing');
    expect(await isVerified(owner.partner_id, lapsing)).toBe(true);
    await recheck(start + 9 * DAY_MS);
    await recheck(start + 10 * DAY_MS);
    expect(await statusOf(owner, id)).toBe('lapsed');
    expect(await isVerified(owner.partner_id, lapsing)).toBe(false);
    expect(await statusOf(kept.owner, kept.id)).toBe('verified');
    const mail = await mailTo(smtp, email, `${lapsing} is no longer verified`);
    expect(mail.text).toContain('https://portal.example/settings/domains');
    const entries = () =>
      auth.query('select action from audit_entries where object_id = $1 and chain = $2 ', [
        id,
        owner.partner_id,
      ]);
    // Acts of one second may be appended in another order.
    await eventually(async () =>
      expect((await entries()).map(({ action }) => action).sort()).toEqual([
        'domain.added',
        'domain.lapsed',
        'domain.verified',
      ]),
    );
    expect(smtp.messages.filter(({ subject }) => subject.includes('no longer verified'))).toHaveLength(1);

    dns.setTxt(record.name, record.value);
    expect(await as(owner)(verifyDomain, { id })).toMatchObject({ status: 'verified', failed_since: null });
  }, 60_000);

  it('recover when the record is back in time', async () => {
    const { owner, id, record } = await verified('recovering.com');
    const start = Date.now() + 20 * DAY_MS;
    dns.setTxt(record.name);
    await recheck(start);
    expect(await statusOf(owner, id)).toBe('failing');
    dns.setTxt(record.name, record.value);
    await recheck(start + DAY_MS + MINUTE_MS);
    expect(await statusOf(owner, id)).toBe('verified');
  }, 30_000);
});
