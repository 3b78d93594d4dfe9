import {
  AppError,
  consumerRequest,
  DEAD_LETTER_CONSUMER,
  defineError,
  defineEvent,
  replayRequest,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { DeadLetterCopy } from '../src/index.ts';
import { closeAll, connectBus } from './bus-under-test.ts';

const POISON = defineError({ code: 'BILLING.POISON', kind: 'conflict', title: 'Never' });
const shared = defineEvent({
  subject: 'event.gateway.thing.shared',
  summary: 'Two services consume it',
  payload: z.object({ n: z.number().int() }),
  consumers: ['billing_take-thing', 'support_take-thing'],
});
const eventOf = (n: number) => ({
  specversion: '1.0',
  id: `evt_${n}`,
  source: '/gateway/gateway',
  type: shared.subject,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: { n },
});

describe('dead letters on the bus', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats({ plan: { events: [shared], ackWaitMs: 300 } });
  });
  afterEach(closeAll);
  afterAll(() => server.stop());

  it('are given to the healer until it keeps them, with their event and a redacted reason', async () => {
    const [gateway, billing, healer] = [
      await connectBus(server, 'gateway'),
      await connectBus(server, 'billing'),
      await connectBus(server, 'healer'),
    ];
    await billing.consume(
      shared,
      'billing_take-thing',
      async () => {
        throw new Error('token=abcdef0123456789 is refused\nfor ada@example.com');
      },
      { maxAttempts: 2 },
    );
    const offered: DeadLetterCopy[] = [];
    await healer.consumeDeadLetters(DEAD_LETTER_CONSUMER, async (copy) => {
      offered.push(copy);
      if (offered.length === 1) throw new AppError(UNAVAILABLE);
    });
    const begun = Date.now();
    await gateway.publish(shared, { n: 1 }, { id: 'evt_given-up', partnerId: 'par_1' });
    await eventually(() => expect(offered).toHaveLength(2), { timeoutMs: 10_000 });
    expect(offered[1]).toEqual(offered[0]);
    const [copy] = offered as [DeadLetterCopy];
    expect(copy).toMatchObject({
      consumer: 'billing_take-thing',
      subject: shared.subject,
      eventId: 'evt_given-up',
      partnerId: 'par_1',
      deliveries: 2,
    });
    expect(copy.reason).toMatch(/^failed 2 times, most recently with: .* is refused for \[email\]$/);
    expect(copy.reason).not.toContain('abcdef');
    expect(JSON.parse(Buffer.from(copy.body).toString())).toMatchObject({
      id: 'evt_given-up',
      data: { n: 1 },
    });
    expect(copy.firstFailedAt.getTime()).toBeGreaterThanOrEqual(begun - 1000);
    expect(copy.givenUpAt.getTime()).toBeGreaterThan(copy.firstFailedAt.getTime());
  }, 20_000);

  it('are replayed to one consumer, and to no other of the same event', async () => {
    const [billing, support, healer] = [
      await connectBus(server, 'billing'),
      await connectBus(server, 'support'),
      await connectBus(server, 'healer'),
    ];
    const seen: string[] = [];
    await billing.consume(
      shared,
      'billing_take-thing',
      async ({ payload }) => void seen.push(`billing ${payload.n}`),
    );
    await support.consume(
      shared,
      'support_take-thing',
      async ({ payload }) => void seen.push(`support ${payload.n}`),
    );
    // The event of the test before this one.
    await eventually(() => expect(seen).toContain('support 1'));
    seen.length = 0;
    const input = { consumer: 'billing_take-thing', subject: shared.subject, event: eventOf(7) };
    expect(await healer.request(replayRequest('billing'), input)).toEqual({ reason: null });
    expect(seen).toEqual(['billing 7']);
    expect((await healer.backlog()).streams.find(({ stream }) => stream === 'EVENTS')?.lastSequence).toBe(1);
  });

  it('come back with a redacted reason when the consumer fails again, and wait for a dependency that is away', async () => {
    const [billing, healer] = [await connectBus(server, 'billing'), await connectBus(server, 'healer')];
    let failure: Error = new AppError(POISON, { detail: 'of ada@example.com' });
    await billing.consume(shared, 'billing_take-thing', async () => {
      throw failure;
    });
    const replay = (change: object = {}) =>
      healer.request(replayRequest('billing'), {
        ...{ consumer: 'billing_take-thing', subject: shared.subject, event: eventOf(8), ...change },
      });
    expect(await replay()).toEqual({ reason: 'BILLING.POISON: of [email]' });
    expect(await replay({ event: { ...eventOf(8), data: { n: 'x' } } })).toEqual({
      reason: expect.stringMatching(/^not a valid event: payload: n /),
    });
    expect(await replay({ event: { ...eventOf(8), source: '/auth/auth' } })).toEqual({
      reason: expect.stringMatching(/claims to be from auth/),
    });
    failure = new AppError(UNAVAILABLE);
    await expect(replay()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  }, 20_000);

  it('are not replayed by a process that does not run the consumer, and it says so', async () => {
    const [billing, healer] = [await connectBus(server, 'billing'), await connectBus(server, 'healer')];
    const consumption = await billing.consume(shared, 'billing_take-thing', async () => undefined);
    const runs = (consumer: string) => healer.request(consumerRequest('billing'), { consumer });
    expect(await runs('billing_take-thing')).toEqual({ running: true });
    expect(await runs('billing_other')).toEqual({ running: false });
    await consumption.stop();
    expect(await runs('billing_take-thing')).toEqual({ running: false });
    const input = { consumer: 'billing_take-thing', subject: shared.subject, event: eventOf(9) };
    await expect(healer.request(replayRequest('billing'), input)).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
    });
  }, 20_000);

  it('without a consumer stay in their stream, and hold up no other', async () => {
    const [billing, healer] = [await connectBus(server, 'billing'), await connectBus(server, 'healer')];
    const offered: string[] = [];
    await healer.consumeDeadLetters(DEAD_LETTER_CONSUMER, async ({ eventId }) => void offered.push(eventId));
    const dead = `dead.${shared.subject}`;
    await billing.publishRaw(dead, '{}', { 'Nats-Msg-Id': 'nameless' });
    await billing.publishRaw(dead, '{}', { 'Nats-Msg-Id': 'odd', 'Dead-Consumer': 'billing.>' });
    const named = { 'Nats-Msg-Id': 'billing_take-thing:evt_10', 'Dead-Consumer': 'billing_take-thing' };
    await billing.publishRaw(dead, 'not JSON', named);
    await eventually(() => expect(offered).toEqual(['evt_10']));
  });
});
