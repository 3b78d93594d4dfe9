import { once } from 'node:events';
import type { Bus } from '@gridworks/bus';
import {
  AppError,
  countDeadLetters,
  type DeadLetter,
  defineError,
  discardDeadLetter,
  discardDeadLetters,
  getDeadLetter,
  type InputOf,
  listDeadLetters,
  newId,
  type OutputOf,
  partnerRegistered,
  type RequestContract,
  replayDeadLetter,
  replayDeadLetters,
  UNAVAILABLE,
} from '@gridworks/contracts';
import { eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { ADMIN } from '@gridworks/testing/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BillingConsumer, CONSUMER, registration } from './billing-consumer.ts';
import { HealerFixture } from './healer-fixture.ts';
import { spawnHealer } from './healer-main.ts';
import { type HealerService, startHealerService } from './healer-service.ts';

process.env.LOG_LEVEL = 'silent';
const slow = { timeoutMs: 20_000, everyMs: 50 };
const POISON = defineError({ code: 'BILLING.POISON', kind: 'conflict', title: 'Never' });
const poison = (detail: string) => () => {
  throw new AppError(POISON, { detail });
};

describe('dead letters', () => {
  let fixture: HealerFixture;
  let postgres: PostgresServer;
  let databaseUrl: string;
  let billing: BillingConsumer;
  let healer: HealerService | undefined;
  let auth: Bus;
  let gateway: Bus;
  beforeAll(async () => {
    [fixture, postgres] = await Promise.all([HealerFixture.start(), startPostgres()]);
    databaseUrl = await postgres.createServiceDatabase('healer');
    billing = await BillingConsumer.start(fixture.nats, postgres);
    healer = await startHealerService(fixture, databaseUrl);
    auth = await healer.connect('auth');
    gateway = healer.gateway;
  }, 60_000);
  beforeEach(() => {
    billing.behaviour = () => undefined;
  });
  afterAll(async () => {
    await billing?.stop();
    await healer?.stop();
    await fixture?.stop();
    await postgres?.stop();
  }, 30_000);

  const ask = <C extends RequestContract>(
    contract: C,
    input: InputOf<C>,
    idempotencyKey?: string,
  ): Promise<OutputOf<C>> =>
    gateway.request(contract, input, { principal: ADMIN, ...(idempotencyKey && { idempotencyKey }) });
  const list = async (query: Omit<InputOf<typeof listDeadLetters>, 'limit'> = {}) =>
    (await ask(listDeadLetters, { limit: 100, ...query })).data;
  const letterOf = async (eventId: string): Promise<DeadLetter> => {
    const letter = (await list()).find((one) => one.event_id === eventId);
    if (!letter) throw new Error(`no letter of ${eventId}`);
    return letter;
  };
  const becomes = (eventId: string, state: DeadLetter['state']) =>
    eventually(async () => {
      const letter = await letterOf(eventId);
      expect(letter).toMatchObject({ state });
      return letter;
    }, slow);
  /** An event that billing gives up at once, and its letter. */
  const giveUp = async (why = 'no account', name?: string) => {
    billing.behaviour = poison(why);
    const payload = registration(name);
    const eventId = newId('event');
    await auth.publish(partnerRegistered, payload, { id: eventId, partnerId: payload.partner_id });
    const letter = await becomes(eventId, 'waiting');
    billing.behaviour = () => undefined;
    return { eventId, letter, partner: payload.partner_id };
  };

  it('are kept with their event, consumer, redacted reason, deliveries and times', async () => {
    const before = Date.now();
    const { eventId, letter, partner } = await giveUp('password=hunter2-hunter2 of ada@example.com');
    expect(letter).toEqual({
      object: 'dead_letter',
      id: expect.stringMatching(/^dle_/),
      event_id: eventId,
      subject: 'event.auth.partner.registered',
      consumer: CONSUMER,
      service: 'billing',
      partner_id: partner,
      reason: expect.stringMatching(/^BILLING\.POISON: /),
      deliveries: 1,
      first_failed_at: expect.any(String),
      last_failed_at: expect.any(String),
      state: 'waiting',
      decided_by: null,
      decided_at: null,
      settled_at: null,
    });
    expect(letter.reason).not.toMatch(/hunter2|ada@/);
    expect(Date.parse(letter.first_failed_at)).toBeGreaterThanOrEqual(before - 1000);
    expect(Date.parse(letter.last_failed_at)).toBeGreaterThanOrEqual(Date.parse(letter.first_failed_at));
  });

  it('are listed in pages, newest first, by consumer, subject and state, and counted', async () => {
    const letters = [await giveUp(), await giveUp(), await giveUp()].map(({ letter }) => letter.id).reverse();
    const first = await ask(listDeadLetters, { limit: 2 });
    expect(first).toMatchObject({ url: '/v1/admin/dead-letters', has_more: true });
    expect(first.data.map(({ id }) => id)).toEqual(letters.slice(0, 2));
    const next = await ask(listDeadLetters, { limit: 1, starting_after: letters[1] });
    expect(next.data.map(({ id }) => id)).toEqual(letters.slice(2));
    expect((await list({ consumer: CONSUMER, state: 'waiting' })).map(({ id }) => id)).toContain(letters[0]);
    expect(await list({ consumer: 'billing_record-usage' })).toEqual([]);
    expect(await list({ subject: 'event.gateway.usage.recorded' })).toEqual([]);
    expect(await list({ state: 'discarded' })).toEqual([]);
    const { consumers } = await ask(countDeadLetters, {});
    expect(consumers).toEqual([
      {
        consumer: CONSUMER,
        service: 'billing',
        waiting: (await list({ state: 'waiting' })).length,
        replaying: 0,
        oldest_at: expect.any(String),
      },
    ]);
  }, 30_000);

  it('are opened with their event, without secrets and personal data', async () => {
    const { letter, partner } = await giveUp('no', 'Ada <ada@example.com> Bearer abcdef0123456789abcdef');
    const opened = await ask(getDeadLetter, { id: letter.id });
    expect(opened).toMatchObject({
      ...letter,
      event: { type: letter.subject, data: { partner_id: partner } },
    });
    expect(opened.event_bytes).toBeGreaterThan(100);
    expect(JSON.stringify(opened)).not.toMatch(/ada@example|abcdef0123/);
    await expect(ask(getDeadLetter, { id: newId('deadLetter') })).rejects.toMatchObject({
      code: 'HEALER.DEAD_LETTER_NOT_FOUND',
    });
  });

  it('that are not JSON are kept and shown as text, and cannot be replayed', async () => {
    const id = newId('event');
    await auth.publishRaw(partnerRegistered.subject, 'junk of ada@example.com', { 'Nats-Msg-Id': id });
    const letter = await becomes(id, 'waiting');
    expect(letter.reason).toMatch(/^not a valid event/);
    expect((await ask(getDeadLetter, { id: letter.id })).event).toBe('junk of [email]');
    await ask(replayDeadLetter, { id: letter.id });
    await eventually(
      async () => expect(await letterOf(id)).toMatchObject({ state: 'waiting', deliveries: 2 }),
      slow,
    );
    await ask(discardDeadLetter, { id: letter.id });
  }, 30_000);

  it('are replayed to their consumer, which may fail again, and then processes the event once', async () => {
    const { eventId, letter, partner } = await giveUp();
    const streamBefore = await lastEvent();
    billing.behaviour = poison('still no account for ada@example.com');
    const replaying = await ask(replayDeadLetter, { id: letter.id });
    expect(replaying).toMatchObject({ state: 'replaying', decided_by: ADMIN.user_id });
    await eventually(async () => {
      const failed = await letterOf(eventId);
      expect(failed).toMatchObject({ state: 'waiting', deliveries: 2, decided_by: ADMIN.user_id });
      expect(failed.reason).toBe('BILLING.POISON: still no account for [email]');
    }, slow);

    billing.behaviour = () => undefined;
    await ask(replayDeadLetter, { id: letter.id });
    expect(await becomes(eventId, 'replayed')).toMatchObject({
      deliveries: 3,
      settled_at: expect.any(String),
    });
    expect(await billing.effects(partner)).toBe(1);
    // No other consumer gets the event: it is not published again. The audit log gets an entry for each of the two replays.
    await eventually(async () => expect(await lastEvent()).toBe(streamBefore + 2), slow);
    for (const contract of [replayDeadLetter, discardDeadLetter])
      await expect(ask(contract, { id: letter.id })).rejects.toMatchObject({
        code: 'HEALER.DEAD_LETTER_REPLAYED',
      });
    await expect(ask(replayDeadLetter, { id: newId('deadLetter') })).rejects.toMatchObject({
      code: 'HEALER.DEAD_LETTER_NOT_FOUND',
    });
  }, 30_000);

  it('are decided once for one idempotency key', async () => {
    const { eventId, letter, partner } = await giveUp();
    const key = 'one replay';
    const first = await ask(replayDeadLetter, { id: letter.id }, key);
    await becomes(eventId, 'replayed');
    expect(await ask(replayDeadLetter, { id: letter.id }, key)).toEqual(first);
    await expect(ask(replayDeadLetter, { id: newId('deadLetter') }, key)).rejects.toMatchObject({
      code: 'PLATFORM.IDEMPOTENCY_KEY_REUSED',
    });
    expect(await billing.effects(partner)).toBe(1);
  }, 30_000);

  it('change nothing when their event was processed meanwhile', async () => {
    const { eventId, letter, partner } = await giveUp();
    await billing.process(eventId, partner);
    // The healer may have noticed already.
    await ask(replayDeadLetter, { id: letter.id }).catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'HEALER.DEAD_LETTER_REPLAYED' }),
    );
    await becomes(eventId, 'replayed');
    expect(await billing.effects(partner)).toBe(1);
  }, 30_000);

  it('are settled by themselves when their consumer has processed the event', async () => {
    const { eventId, partner } = await giveUp();
    await billing.process(eventId, partner);
    expect(await becomes(eventId, 'replayed')).toMatchObject({ decided_by: null, deliveries: 1 });
  }, 30_000);

  it('are the same letter when their event is given up again', async () => {
    const { eventId, letter, partner } = await giveUp();
    billing.behaviour = poison('again');
    const payload = { ...registration(), partner_id: partner };
    await auth.publish(partnerRegistered, payload, { id: eventId, dedupId: `${eventId}.1` });
    await eventually(async () => {
      const again = await letterOf(eventId);
      expect(again).toMatchObject({ id: letter.id, state: 'waiting', deliveries: 2 });
      expect(again.reason).toContain('again');
    }, slow);
  }, 30_000);

  it('are not replayed while their consumer is away, and wait', async () => {
    const { eventId, letter } = await giveUp();
    await billing.stop();
    try {
      await expect(ask(replayDeadLetter, { id: letter.id })).rejects.toMatchObject({
        code: 'HEALER.CONSUMER_AWAY',
      });
      await expect(ask(replayDeadLetters, { consumer: CONSUMER })).rejects.toMatchObject({
        code: 'HEALER.CONSUMER_AWAY',
      });
      expect(await letterOf(eventId)).toMatchObject({ state: 'waiting', deliveries: 1, decided_by: null });
      // A discard needs no consumer: it is entered in its inbox when it is back.
      await ask(discardDeadLetter, { id: letter.id });
    } finally {
      await billing.resume();
    }
    await eventually(async () => {
      expect(await billing.query(`select 1 from inbox where event_id = '${eventId}'`)).toHaveLength(1);
    }, slow);
  }, 30_000);

  it('are discarded for good: their event is never processed, however often it is delivered', async () => {
    const { eventId, letter, partner } = await giveUp();
    const discarded = await ask(discardDeadLetter, { id: letter.id });
    expect(discarded).toMatchObject({ state: 'discarded', decided_by: ADMIN.user_id });
    expect(await ask(discardDeadLetter, { id: letter.id })).toEqual(discarded);
    await expect(ask(replayDeadLetter, { id: letter.id })).rejects.toMatchObject({
      code: 'HEALER.DEAD_LETTER_DISCARDED',
    });
    await eventually(async () => {
      const rows = await billing.query(`select 1 from inbox where event_id = '${eventId}'`);
      expect(rows).toHaveLength(1);
    }, slow);
    const { calls } = billing;
    const payload = { ...registration(), partner_id: partner };
    await auth.publish(partnerRegistered, payload, { id: eventId, dedupId: `${eventId}.1` });
    await eventually(() => expect(billing.calls).toBe(calls + 1), slow);
    expect(await billing.effects(partner)).toBe(0);
    expect(await letterOf(eventId)).toMatchObject({ state: 'discarded', deliveries: 1 });
  }, 30_000);

  it('of one consumer are replayed or discarded together', async () => {
    const given = [await giveUp(), await giveUp()];
    const waiting = (await list({ state: 'waiting' })).length;
    expect(await ask(replayDeadLetters, { consumer: CONSUMER })).toEqual({
      consumer: CONSUMER,
      letters: waiting,
    });
    for (const { eventId, partner } of given) {
      await becomes(eventId, 'replayed');
      expect(await billing.effects(partner)).toBe(1);
    }
    await eventually(async () => expect(await list({ state: 'replaying' })).toEqual([]), slow);
    const more = [await giveUp(), await giveUp()];
    expect(await ask(discardDeadLetters, { consumer: CONSUMER })).toMatchObject({ consumer: CONSUMER });
    for (const { eventId, partner } of more) {
      await becomes(eventId, 'discarded');
      expect(await billing.effects(partner)).toBe(0);
    }
    expect((await ask(countDeadLetters, {})).consumers).toEqual([]);
    expect(await ask(discardDeadLetters, { consumer: CONSUMER })).toEqual({ consumer: CONSUMER, letters: 0 });
  }, 60_000);

  it('are replayed once their consumer is back, when it left after the decision', async () => {
    const given = [await giveUp(), await giveUp()];
    billing.behaviour = () => {
      throw new AppError(UNAVAILABLE);
    };
    await ask(replayDeadLetters, { consumer: CONSUMER });
    const { calls } = billing;
    await eventually(() => expect(billing.calls).toBeGreaterThan(calls + 1), slow);
    for (const { eventId } of given)
      expect(await letterOf(eventId)).toMatchObject({ state: 'replaying', deliveries: 1 });
    billing.behaviour = () => undefined;
    for (const { eventId, partner } of given) {
      expect(await becomes(eventId, 'replayed')).toMatchObject({ deliveries: 2 });
      expect(await billing.effects(partner)).toBe(1);
    }
  }, 60_000);

  it('stay in their stream while as many as allowed wait for a decision', async () => {
    await healer?.stop();
    healer = await startHealerService(fixture, databaseUrl, { HEALER_DEAD_LETTERS_MAX: '1' });
    [auth, gateway] = [await healer.connect('auth'), healer.gateway];
    const { eventId, letter } = await giveUp();
    billing.behaviour = poison('one too many');
    const second = newId('event');
    const { calls } = billing;
    await auth.publish(partnerRegistered, registration(), { id: second });
    await eventually(() => expect(billing.calls).toBe(calls + 1), slow);
    await eventually(async () => expect((await fixture.monitorBus.backlog()).deadLetters).toBeGreaterThan(1));
    expect((await list({ state: 'waiting' })).map(({ event_id }) => event_id)).toEqual([eventId]);
    await ask(discardDeadLetter, { id: letter.id });
    await ask(discardDeadLetter, { id: (await becomes(second, 'waiting')).id });
  }, 60_000);

  it('are not lost when the healer is killed during a replay', async () => {
    const { eventId, letter, partner } = await giveUp();
    await healer?.stop();
    healer = undefined;
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    billing.behaviour = async () => {
      reached.resolve();
      await goOn.promise;
    };
    const { calls } = billing;
    const first = await spawnHealer(fixture, databaseUrl);
    const own = await fixture.connect('gateway');
    gateway = own;
    await eventually(() => ask(replayDeadLetter, { id: letter.id }), slow);
    await reached.promise;
    const ended = once(first, 'exit');
    first.kill('SIGKILL');
    await ended;
    const second = await spawnHealer(fixture, databaseUrl);
    await eventually(async () => expect(await letterOf(eventId)).toMatchObject({ state: 'replaying' }), slow);
    goOn.resolve();
    await eventually(async () => expect(await letterOf(eventId)).toMatchObject({ state: 'replayed' }), {
      timeoutMs: 40_000,
      everyMs: 100,
    });
    // Delivered again by the second healer, and without a second effect.
    expect(billing.calls).toBeGreaterThanOrEqual(calls + 2);
    expect(await billing.effects(partner)).toBe(1);
    const secondEnded = once(second, 'exit');
    second.kill('SIGKILL');
    await secondEnded;
    await own.close();
  }, 120_000);

  /** The position of the last event in the stream that belongs to this test. */
  async function lastEvent(): Promise<number> {
    const { streams } = await fixture.monitorBus.backlog();
    return streams.find(({ stream }) => stream === 'EVENTS')?.lastSequence ?? -1;
  }
});
