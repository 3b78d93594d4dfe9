import {
  type Act,
  AppError,
  actRecordedIn,
  createSession,
  INSTANCE_NOT_FOUND,
  LOGIN_REFUSED,
  newId,
  openTicket,
  type Principal,
  setPool,
} from '@gridworks/contracts';
import { currentContext, noteAct, runInContext } from '@gridworks/observability';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus } from '../src/index.ts';
import { connectBus } from './bus-under-test.ts';

const admin: Principal = {
  ...{ kind: 'session', id: newId('session'), partner_id: null, user_id: newId('user') },
  ...{ role: 'platform_admin', mode: null },
};
const input = { instance: 'auth', mode: 'auto' as const, size: 9, reason: 'password=hunter2 leaked' };

describe('an act whose effect is in no transaction', () => {
  let nats: NatsServer;
  const buses: Partial<Record<'gateway' | 'healer' | 'auth' | 'support', Bus>> = {};
  const acts: Act[] = [];
  let handle: () => unknown;
  const request = () => (buses.gateway as Bus).request(setPool, input, { principal: admin });

  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    for (const service of ['gateway', 'healer', 'auth', 'support'] as const)
      buses[service] = await connectBus(nats, service);
    const { auth, healer, support } = buses as Required<typeof buses>;
    await healer.serve(setPool, () => handle());
    await support.serve(openTicket, () => ({ id: newId('ticket') }) as never);
    await auth.serve(createSession, () => {
      throw new AppError(LOGIN_REFUSED);
    });
    for (const service of ['healer', 'auth', 'support'] as const)
      await auth.consume(actRecordedIn(service), `auth_record-${service}-acts`, async ({ payload }) => {
        acts.push(payload);
      });
  });
  beforeEach(() => {
    acts.length = 0;
  });
  afterAll(async () => {
    for (const bus of Object.values(buses)) await bus.close();
    await nats?.stop();
  });
  const pool = {
    ...{ object: 'pool', service: 'auth', instance: 'auth', mode: 'auto', level: 'normal', in_use: 0 },
    ...{ idle: 0, waiting: 0, max: 9, size: 9, at: new Date().toISOString() },
  };

  it('is stored before the response, redacted', async () => {
    handle = () => pool;
    const origin = { network: '198.51.100.0/24', userAgent: 'curl/8' };
    const context = { requestId: 'req_1', traceparent: undefined, deadlineAt: undefined, principal: admin };
    await runInContext({ ...context, origin }, request).catch(() => undefined);
    await eventually(() => expect(acts).toHaveLength(1));
    expect(acts[0]).toMatchObject({
      ...{ service: 'healer', action: 'pool.set', object_id: 'auth', partner_id: null, outcome: 'done' },
      actor: { kind: 'person', id: admin.user_id, role: 'platform_admin', impersonator: null },
      after: { mode: 'auto', size: 9 },
      ...{ request_id: 'req_1', network: '198.51.100.0/24', user_agent: 'curl/8' },
    });
    expect(JSON.stringify(acts)).not.toContain('hunter2');
  });

  it('has no entry when it failed, was a repeat, or a transaction has stored it', async () => {
    const outcomes: (() => unknown)[] = [
      () => {
        throw new AppError(INSTANCE_NOT_FOUND);
      },
      () => {
        noteAct({ isRepeat: true });
        return pool;
      },
      () => {
        const act = currentContext()?.act;
        if (act) act.isRecorded = true;
        return pool;
      },
    ];
    for (const outcome of outcomes) {
      handle = outcome;
      await request().catch(() => undefined);
    }
    handle = () => {
      noteAct({ before: { size: 8 } });
      return pool;
    };
    await request().catch(() => undefined);
    await eventually(() => expect(acts).toHaveLength(1));
    expect(acts[0]).toMatchObject({ before: { size: 8 } });
  });

  it('has an entry for a refusal that its contract names', async () => {
    const refused = (buses.gateway as Bus).request(createSession, {
      email: 'a@b.example',
      password: 'wrong password',
    });
    await expect(refused).rejects.toMatchObject({ code: LOGIN_REFUSED.code });
    await eventually(() => expect(acts).toHaveLength(1));
    expect(acts[0]).toMatchObject({
      ...{
        action: 'session.created',
        outcome: 'refused',
        code: LOGIN_REFUSED.code,
        object_id: null,
        after: null,
      },
      actor: { kind: 'anonymous', id: null },
    });
    expect(JSON.stringify(acts)).not.toMatch(/wrong password|a@b/);
  });

  it('of an access token names the person and the application, or the service account', async () => {
    const token: Principal = {
      ...{
        kind: 'application',
        id: newId('application'),
        partner_id: newId('partner'),
        user_id: newId('user'),
      },
      ...{ role: 'none', mode: 'live', permissions: ['tickets:write'] },
    };
    const ticket = { subject: 'Which plan?', body: 'We grow.' };
    const open = (principal: Principal) =>
      (buses.gateway as Bus).request(openTicket, ticket, { principal }).catch(() => undefined);
    await open(token);
    await eventually(() => expect(acts).toHaveLength(1));
    expect(acts[0]).toMatchObject({
      actor: { kind: 'person', id: token.user_id },
      after: { application: token.id, priority: 'normal' },
    });
    await open({ ...token, kind: 'service_account', user_id: null });
    await eventually(() => expect(acts).toHaveLength(2));
    expect(acts[1]).toMatchObject({ actor: { kind: 'service_account', id: token.id } });
    expect(acts[1]?.after).toEqual({ priority: 'normal' });
  });

  it('of a person of GridWorks in the name of a partner names that person', async () => {
    const impersonator = newId('user');
    const partner_id = newId('partner');
    handle = () => pool;
    const principal: Principal = { ...admin, partner_id, impersonator, access: 'write' };
    await (buses.gateway as Bus).request(setPool, input, { principal }).catch(() => undefined);
    await eventually(() => expect(acts).toHaveLength(1));
    expect(acts[0]).toMatchObject({ partner_id, actor: { impersonator } });
  });
});
