import type { Bus } from '@gridworks/bus';
import { getTicket, listTickets, newId, openTicket, transitionTicket } from '@gridworks/contracts';
import { allowedMs, eventually } from '@gridworks/testing';
import { type InstanceUnderTest, keyOf, type ServiceUnderTest } from '@gridworks/testing/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSupport } from './support-under-test.ts';

describe('refusals of support', () => {
  let support: ServiceUnderTest;
  let gateway: Bus;
  let instance: InstanceUnderTest;
  const partner = newId('partner');
  const principal = keyOf(partner);
  const draft = { subject: 'Which plan?', body: 'We expect to grow in spring.' };

  beforeAll(async () => {
    support = await startSupport();
    instance = await support.startInstance();
    gateway = await support.startGateway();
  });
  afterAll(() => support.stop());

  const envelope = async (promise: Promise<unknown>) => {
    try {
      await promise;
    } catch (error) {
      const { code, kind, title, message, details, problems } = error as Record<string, unknown>;
      return JSON.stringify({ code, kind, title, message, details, problems });
    }
    throw new Error('the request was not refused');
  };

  it('gives the same response for a foreign and a missing ticket, to the byte', async () => {
    const foreign = await gateway.request(openTicket, draft, { principal: keyOf(newId('partner')) });
    const missing = newId('ticket');
    for (const attempt of [
      (id: string) => gateway.request(getTicket, { id }, { principal }),
      (id: string) => gateway.request(transitionTicket, { id, status: 'closed' }, { principal }),
      (id: string) => gateway.request(transitionTicket, { id, status: 'open' }, { principal }),
    ]) {
      const response = await envelope(attempt(foreign.id));
      expect(response).toBe(await envelope(attempt(missing)));
      expect(JSON.parse(response)).toMatchObject({ code: 'SUPPORT.TICKET_NOT_FOUND', kind: 'not_found' });
    }
    const [row] = await support.query('select status, version from tickets where id = $1', [foreign.id]);
    expect(row).toEqual({ status: 'open', version: 1 });
  });

  it('shows no foreign ticket for a foreign cursor', async () => {
    const foreign = await gateway.request(openTicket, draft, { principal: keyOf(newId('partner')) });
    for (const cursor of ['starting_after', 'ending_before'] as const) {
      const page = await gateway.request(listTickets, { [cursor]: foreign.id }, { principal });
      expect(page.data).toEqual([]);
    }
  });

  it('requires a principal', async () => {
    const nobody = { ...principal, kind: 'anonymous' as const, partner_id: null };
    const admin = {
      ...principal,
      kind: 'session' as const,
      partner_id: null,
      role: 'platform_admin' as const,
    };
    for (const [caller, code] of [
      [undefined, 'PLATFORM.UNAUTHENTICATED'],
      [nobody, 'PLATFORM.UNAUTHENTICATED'],
      [admin, 'PLATFORM.FORBIDDEN'],
    ] as const) {
      const options = caller ? { principal: caller } : {};
      await expect(gateway.request(openTicket, draft, options)).rejects.toMatchObject({ code });
      await expect(gateway.request(listTickets, {}, options)).rejects.toMatchObject({ code });
      await expect(gateway.request(getTicket, { id: newId('ticket') }, options)).rejects.toMatchObject({
        code,
      });
    }
  });

  it.each([
    ['NUL', { body: 'a\u0000b' }, '/body'],
    ['a lone surrogate', { subject: 'half \ud83d' }, '/subject'],
    ['nothing but space', { subject: ' \t\n ' }, '/subject'],
    ['too much', { body: 'x'.repeat(10_001) }, '/body'],
    ['another type', { body: { toString: 'x' } }, '/body'],
    ['a status', { status: 'closed' }, ''],
    ['a partner id', { partner_id: newId('partner') }, ''],
    ['a key of every object', JSON.parse('{"constructor":{"prototype":{"a":1}}}'), ''],
  ])('refuses %s as invalid input', async (_, input, pointer) => {
    await expect(
      gateway.request(openTicket, { ...draft, ...(input as object) }, { principal }),
    ).rejects.toMatchObject({ code: 'PLATFORM.INVALID_INPUT', problems: [{ pointer }] });
  });

  it.each(['tic_*', 'tic_>', '*', '', 'tic_0UQ3kZ1aB7dEfGhIjKlMn\u0000', newId('partner'), "' or 1=1 --"])(
    'refuses %j as an id',
    async (id) => {
      await expect(gateway.request(getTicket, { id }, { principal })).rejects.toMatchObject({
        code: 'PLATFORM.INVALID_INPUT',
        problems: [{ pointer: '/id' }],
      });
    },
  );

  it('stores text unchanged', async () => {
    const subject = `'; drop table tickets; -- 漢字 😀 \\ "quoted" $1`;
    const body = `{"__proto__": 1}\n${'ä'.repeat(9_900)}`;
    const { id } = await gateway.request(openTicket, { subject, body }, { principal });
    expect(await gateway.request(getTicket, { id }, { principal })).toMatchObject({ subject, body });
  });

  it('responds at once while PostgreSQL is dead, loses no confirmed ticket, and works again afterwards', async () => {
    const before = await gateway.request(openTicket, draft, { principal });
    await support.postgres.kill9();
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      await expect(gateway.request(openTicket, draft, { principal })).rejects.toMatchObject({
        code: 'PLATFORM.UNAVAILABLE',
        retryable: true,
      });
      expect(performance.now() - start).toBeLessThan(allowedMs(1900));
    }
    await instance.health.check();
    expect(instance.health.missing()).toEqual(['postgres']);
    await support.postgres.restart();
    const after = await eventually(() => gateway.request(openTicket, draft, { principal }));
    for (const { id } of [before, after])
      expect((await gateway.request(getTicket, { id }, { principal })).id).toBe(id);
  });
});
