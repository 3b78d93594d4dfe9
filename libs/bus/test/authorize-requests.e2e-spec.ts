import { type Access, defineRequest, newId, type Principal } from '@gridworks/contracts';
import { type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Bus } from '../src/index.ts';
import { closeAll, connectBus } from './bus-under-test.ts';

/** The same request, as its owner declares it and as a careless or hostile sender may. */
const declared = (permission: Access) =>
  defineRequest({
    subject: 'rpc.billing.thing.change',
    summary: 'Change a thing',
    input: z.strictObject({}),
    output: z.object({ by: z.string() }),
    callers: ['gateway', 'support'],
    permission,
  });

const owner: Principal = {
  kind: 'session',
  id: newId('session'),
  partner_id: newId('partner'),
  user_id: newId('user'),
  role: 'owner',
  mode: null,
};
const admin: Principal = { ...owner, partner_id: null, role: 'platform_admin' };

describe('the permission to send a request', () => {
  let server: NatsServer;
  let gateway: Bus;
  let billing: Bus;
  let handled = 0;
  beforeAll(async () => {
    server = await startNats();
  });
  afterEach(async () => {
    handled = 0;
    await closeAll();
  });
  afterAll(() => server.stop());

  async function serve(permission: Access): Promise<void> {
    [gateway, billing] = await Promise.all([connectBus(server, 'gateway'), connectBus(server, 'billing')]);
    await billing.serve(declared(permission), (_input, call) => {
      handled++;
      return { by: call.principal?.id ?? 'nobody' };
    });
  }

  it('is checked before the handler runs', async () => {
    await serve('pauses:write');
    const send = (principal?: Principal) => gateway.request(declared('public'), {}, { principal });
    await expect(send()).rejects.toMatchObject({ code: 'PLATFORM.UNAUTHENTICATED' });
    await expect(send(owner)).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
    expect(handled).toBe(0);
    expect(await send(admin)).toEqual({ by: admin.id });
  });

  it('is checked before the input is validated', async () => {
    await serve('pauses:write');
    const junk = { unexpected: true } as never;
    await expect(gateway.request(declared('public'), junk, { principal: owner })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
  });

  it('is given only to services when the request is internal', async () => {
    await serve('internal');
    await expect(gateway.request(declared('public'), {}, { principal: admin })).rejects.toMatchObject({
      code: 'PLATFORM.FORBIDDEN',
    });
    expect(handled).toBe(0);
  });

  it('does not travel with internal requests, whichever call caused them', async () => {
    await serve('internal');
    const support = await connectBus(server, 'support');
    const outer = defineRequest({
      subject: 'rpc.support.thing.change',
      summary: 'Change a thing elsewhere',
      input: z.strictObject({}),
      output: z.object({ by: z.string() }),
      permission: 'pauses:write',
    });
    await support.serve(outer, () => support.request(declared('internal'), {}));
    expect(await gateway.request(outer, {}, { principal: admin })).toEqual({ by: 'nobody' });
  });
});
