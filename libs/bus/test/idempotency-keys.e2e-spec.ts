import { setTimeout as sleep } from 'node:timers/promises';
import { defineRequest } from '@gridworks/contracts';
import { type CallContext, runInContext } from '@gridworks/observability';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Bus } from '../src/index.ts';
import { closeAll, connectBus, echo } from './bus-under-test.ts';

const pay = defineRequest({
  subject: 'rpc.support.payment.create',
  summary: 'Pay once',
  input: z.strictObject({ amount: z.number() }),
  output: z.object({ paid: z.number() }),
  http: { method: 'POST', path: '/v1/payments', status: 201, idempotent: true },
  permission: 'public',
});

const outside: CallContext = {
  requestId: 'req',
  traceparent: undefined,
  deadlineAt: undefined,
  principal: undefined,
};

describe('an idempotency key', () => {
  let server: NatsServer;
  let gateway: Bus;
  let support: Bus;
  let billing: Bus;
  beforeAll(async () => {
    server = await startNats();
  });
  beforeEach(async () => {
    [gateway, support, billing] = await Promise.all([
      connectBus(server, 'gateway'),
      connectBus(server, 'support'),
      connectBus(server, 'billing'),
    ]);
  });
  afterEach(closeAll);
  afterAll(() => server.stop());

  it.each(['8e03978e-40d5-43dd-bc93-6894a57f9324', ' a "b" \\ %2F, c ', 'é'])(
    'reaches the handler unchanged: %j',
    async (idempotencyKey) => {
      const seen: unknown[] = [];
      await support.serve(pay, ({ amount }, { keyed }) => {
        seen.push(keyed && { ...keyed });
        if (keyed) keyed.kept = JSON.stringify({ paid: amount });
        return { paid: amount };
      });
      await runInContext({ ...outside, idempotencyKey }, () => gateway.request(pay, { amount: 5 }));
      await gateway.request(pay, { amount: 5 });
      expect(seen).toEqual([
        {
          scope: `nobody ${pay.subject}`,
          key: idempotencyKey,
          request: { amount: 5 },
          kept: undefined,
        },
        undefined,
      ]);
    },
  );

  it('is passed only to the request that takes one', async () => {
    const seen: CallContext[] = [];
    await billing.serve(echo, ({ text }, call) => {
      seen.push(call);
      return { text };
    });
    await support.serve(pay, async ({ amount }, { keyed }) => {
      await support.request(echo, { text: '' });
      if (keyed) keyed.kept = JSON.stringify({ paid: amount });
      return { paid: amount };
    });
    await gateway.request(pay, { amount: 5 }, { idempotencyKey: 'k' });
    await gateway.request(echo, { text: '' }, { idempotencyKey: 'k' });
    expect(seen).toHaveLength(2);
    for (const call of seen) expect([call.keyed, call.idempotencyKey]).toEqual([undefined, undefined]);
  });

  it('lets no handler return an output that was not kept', async () => {
    await support.serve(pay, ({ amount }) => ({ paid: amount }));
    expect(await gateway.request(pay, { amount: 5 })).toEqual({ paid: 5 });
    await expect(gateway.request(pay, { amount: 5 }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'PLATFORM.INTERNAL',
    });
  });

  it('lets a caller repeat a call whose response was lost with the instance', async () => {
    const dying = await connectBus(server, 'support', { instance: 'support-2' });
    let taken = 0;
    await dying.serve(pay, () => {
      taken++;
      return new Promise<never>(() => undefined);
    });
    const deadlineMs = 10_000;
    const keyed = gateway.request(pay, { amount: 5 }, { idempotencyKey: 'k', deadlineMs });
    const bare = gateway.request(pay, { amount: 6 }, { deadlineMs }).catch(({ code }) => code);
    await eventually(() => expect(taken).toBe(2));
    await dying.close();
    // The server takes a moment to see that the instance has gone: until then requests still go to it, and are lost with it.
    await eventually(async () => {
      const probe = gateway.request(pay, { amount: 8 }, { deadlineMs: 200 });
      await expect(probe).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    });
    const next = gateway.request(pay, { amount: 7 }, { deadlineMs });
    await sleep(50);
    await support.serve(pay, ({ amount }, call) => {
      if (call.keyed) call.keyed.kept = JSON.stringify({ paid: amount });
      return { paid: amount };
    });
    expect(await keyed).toEqual({ paid: 5 });
    expect(await next).toEqual({ paid: 7 });
    expect(await bare).toBe('PLATFORM.DEADLINE_EXCEEDED');
  });
});
