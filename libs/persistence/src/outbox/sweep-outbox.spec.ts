import type { Bus } from '@gridworks/bus';
import { inboxRequest, partnerRegistered } from '@gridworks/contracts';
import {
  eventually,
  type NatsServer,
  type PostgresServer,
  startNats,
  startPostgres,
} from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openBus } from '../../test/open-bus.ts';
import { countRows, openDatabase, silent } from '../../test/open-database.ts';
import type { Database } from '../database/database.ts';
import { takenIn } from '../inbox.ts';
import { EventRelay } from './relay-events.ts';
import { OutboxSweeper } from './sweep-outbox.ts';

const CONSUMER = 'billing_open-account';

describe('OutboxSweeper, between auth and billing over a real bus', () => {
  let postgres: PostgresServer;
  let nats: NatsServer;
  let authUrl: string;
  let billingUrl: string;
  let auth: Database;
  let billing: Database;
  let authBus: Bus;
  let billingBus: Bus;
  let relay: EventRelay;
  let sweeper: OutboxSweeper;
  let broken: string[];
  beforeAll(async () => {
    postgres = await startPostgres();
    authUrl = await postgres.createServiceDatabase('auth');
    billingUrl = await postgres.createServiceDatabase('billing');
    auth = await openDatabase({ url: authUrl, schema: 'auth', applicationName: 'auth' });
    billing = await openDatabase({ url: billingUrl, schema: 'billing', applicationName: 'billing' });
    await postgres.query('create table accounts (partner_id text)', [], billingUrl);
  });
  afterAll(async () => {
    await Promise.all([auth.close(), billing.close()]);
    await postgres.stop();
  });
  beforeEach(async () => {
    await postgres.query('truncate outbox', [], authUrl);
    await postgres.query('truncate inbox, accounts', [], billingUrl);
    broken = [];
    nats = await startNats({ withPermissions: true });
    [authBus, billingBus] = await Promise.all([openBus(nats, 'auth'), openBus(nats, 'billing')]);
    relay = new EventRelay({ database: auth, bus: authBus, logger: silent, confirmAfterMs: 0 });
    sweeper = new OutboxSweeper({ database: auth, bus: authBus, logger: silent, replayAfterMs: 0 });
  });
  afterEach(async () => {
    await Promise.all([authBus.close(), billingBus.close()]);
    await nats.stop();
  });

  const serveInbox = () =>
    billingBus.serve(inboxRequest('billing'), async (input) => ({
      confirmed: await takenIn(billing, input.consumer, input.event_ids),
    }));
  const consume = () =>
    billingBus.consume(partnerRegistered, CONSUMER, async (event) => {
      if (broken.includes(event.payload.name)) throw new Error('cannot consume this event');
      await billing.once(event, CONSUMER, (tx) =>
        tx.manager.query('insert into accounts values ($1)', [event.payload.name]),
      );
    });
  const register = (names: string[]) =>
    auth.transaction(async (tx) => {
      for (const name of names)
        tx.emit(partnerRegistered, {
          partner_id: `par_${'0'.repeat(22)}`,
          name,
          registered_at: new Date().toISOString(),
        });
    });
  const accounts = async () =>
    (
      await postgres.query<{ partner_id: string }>(
        'select partner_id from accounts order by 1',
        [],
        billingUrl,
      )
    ).map((row) => row.partner_id);
  /** Sweeps until so many events are settled: a service that does not respond yet settles none. */
  const sweepUntil = async (settled: number) => {
    const sum = { confirmed: 0, replayed: 0 };
    await eventually(
      async () => {
        const { confirmed, replayed } = await sweeper.sweep();
        sum.confirmed += confirmed;
        sum.replayed += replayed;
        expect(sum.confirmed + sum.replayed).toBeGreaterThanOrEqual(settled);
      },
      { timeoutMs: 15_000 },
    );
    return sum;
  };
  const inState = (status: string) => countRows(postgres, authUrl, `outbox where status = '${status}'`);

  it('confirms consumed events, and publishes nothing again', async () => {
    await serveInbox();
    await consume();
    await register(['a', 'b']);
    await relay.relay();
    await eventually(async () => expect(await accounts()).toEqual(['a', 'b']));
    expect(await sweepUntil(2)).toEqual({ confirmed: 2, replayed: 0 });
    expect(await inState('confirmed')).toBe(2);
  });

  it('publishes every event of a lost stream again, each with one effect', async () => {
    await serveInbox();
    const consumption = await consume();
    const names = Array.from({ length: 20 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    await register(names.slice(0, 10));
    await relay.relay();
    await eventually(async () => expect(await accounts()).toHaveLength(10));
    await consumption.stop();
    await register(names.slice(10));
    await relay.relay(); // acknowledged by the bus, consumed by none
    expect(await inState('pending')).toBe(0);

    await nats.kill9();
    await nats.loseStore();
    await nats.restart();
    await eventually(() => expect([authBus.state(), billingBus.state()]).toEqual(['connected', 'connected']));
    await consume();

    await eventually(
      async () => {
        await sweeper.sweep();
        expect(await inState('confirmed')).toBe(20);
      },
      { timeoutMs: 15_000, everyMs: 250 },
    );
    expect(await accounts()).toEqual(names);
  });

  it('publishes an event that a consumer gave up again, under the same id and past the deduplication', async () => {
    await serveInbox();
    broken = ['poison'];
    const consumption = await billingBus.consume(
      partnerRegistered,
      CONSUMER,
      async (event) => {
        if (broken.includes(event.payload.name)) throw new Error('cannot consume this event');
        await billing.once(event, CONSUMER, (tx) =>
          tx.manager.query('insert into accounts values ($1)', [event.payload.name]),
        );
      },
      { maxAttempts: 1 },
    );
    await register(['good', 'poison']);
    await relay.relay();
    await eventually(async () => expect(await accounts()).toEqual(['good']));
    expect(await sweepUntil(2)).toEqual({ confirmed: 1, replayed: 1 });
    broken = []; // the handler works now
    await eventually(
      async () => {
        await sweeper.sweep();
        expect(await accounts()).toEqual(['good', 'poison']);
        expect(await inState('confirmed')).toBe(2);
      },
      { everyMs: 100 },
    );
    await consumption.stop();
  });

  it('settles no event while the consumer does not respond', async () => {
    await register(['a']);
    await relay.relay();
    expect(await sweeper.sweep()).toEqual({ confirmed: 0, replayed: 0, more: false });
    expect(await postgres.query('select status, publications from outbox', [], authUrl)).toEqual([
      { status: 'published', publications: 1 },
    ]);
  });

  it('waits twice as long before each further replay', async () => {
    const lenient = new OutboxSweeper({
      database: auth,
      bus: authBus,
      logger: silent,
      replayAfterMs: 10_000,
    });
    await serveInbox();
    await register(['a']);
    await relay.relay();
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      await postgres.query('update outbox set due_at = now()', [], authUrl);
      expect(await lenient.sweep()).toMatchObject({ replayed: 1 });
      expect(await lenient.sweep()).toMatchObject({ replayed: 0 });
      const [row] = await postgres.query<{ wait: number }>(
        'select extract(epoch from due_at - now())::float as wait from outbox',
        [],
        authUrl,
      );
      waits.push(Math.round((row?.wait ?? 0) / 5) * 5);
    }
    expect(waits).toEqual([10, 20, 40]);
  });

  it('does not replay an event that is older than the rows of inboxes', async () => {
    await serveInbox();
    await register(['old']);
    await relay.relay();
    await postgres.query(`update outbox set created_at = now() - interval '26 days'`, [], authUrl);
    expect(await sweeper.sweep()).toEqual({ confirmed: 0, replayed: 0, more: false });
  });
});
