import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, INTERNAL, partnerRegistered, ticketOpened, UNAVAILABLE } from '@gridworks/contracts';
import { allowedMs, eventually, type PostgresServer, startPostgres } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countRows, openDatabase, outcome, silent } from '../../test/open-database.ts';
import type { Database } from '../database/database.ts';
import type { EventBus } from './event-bus.ts';
import { EventRelay, type EventRelayOptions } from './relay-events.ts';

/** A bus in memory that stores events, or fails as the test decides. */
class RecordingBus {
  readonly stored: string[] = [];
  connection: 'connected' | 'disconnected' = 'connected';
  fail: (id: string) => Error | 'hang' | undefined = () => undefined;
  attempts = 0;
  state = () => this.connection;
  request: EventBus['request'] = () => Promise.reject(new Error('no request is made here'));
  async publishRaw(_subject: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    this.attempts++;
    const { id, data } = JSON.parse(body) as { id: string; data: { priority: string } };
    expect(headers['Nats-Msg-Id']).toBe(id);
    const failure = this.fail(data.priority);
    if (failure === 'hang') await new Promise(() => undefined);
    if (failure instanceof Error) throw failure;
    this.stored.push(data.priority);
  }
}

describe('EventRelay', () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let bus: RecordingBus;
  const relays: EventRelay[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createServiceDatabase('support');
    database = await openDatabase({ url });
  });
  beforeEach(async () => {
    await server.query('truncate outbox', [], url);
    bus = new RecordingBus();
  });
  afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.stop(0))));
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  const relayOn = (on: Database, options: Partial<EventRelayOptions> = {}) => {
    const relay = new EventRelay({
      database: on,
      bus: bus as EventBus,
      logger: silent,
      pollMs: 20,
      ...options,
    });
    relays.push(relay);
    return relay;
  };
  /** The label is stored in the priority of the ticket. */
  const emit = (...labels: string[]) =>
    database.transaction(async (tx) => {
      for (const priority of labels)
        tx.emit(ticketOpened, {
          ticket_id: `tic_${'0'.repeat(22)}`,
          partner_id: `par_${'0'.repeat(22)}`,
          priority,
        });
    });
  const pending = () => countRows(server, url, `outbox where status = 'pending'`);

  it('publishes events in the order of their transactions, right after the commit', async () => {
    const relay = relayOn(database, { pollMs: 60_000 });
    database.onEmitted(() => relay.nudge());
    relay.start();
    await eventually(async () => expect(await outcome(relay.relay())).toMatchObject({ value: { sent: 0 } }));
    await emit('1', '2');
    await emit('3');
    await eventually(() => expect(bus.stored).toEqual(['1', '2', '3']), { timeoutMs: 1000 });
    await eventually(async () => expect(await pending()).toBe(0));
  });

  it('waits for a confirmation where the contract declares consumers, and not where it does not', async () => {
    await emit('1');
    await database.transaction(async (tx) =>
      tx.emit(partnerRegistered, {
        partner_id: `par_${'0'.repeat(22)}`,
        name: 'Ada',
        registered_at: new Date().toISOString(),
      }),
    );
    bus.fail = () => undefined;
    await relayOn(database).relay();
    expect(await server.query('select subject, status from outbox order by sequence', [], url)).toEqual([
      { subject: 'event.support.ticket.opened', status: 'confirmed' },
      { subject: 'event.auth.partner.registered', status: 'published' },
    ]);
  });

  it('does not skip a row whose transaction commits after later ones', async () => {
    const held = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    // Takes the lowest number of all, and becomes visible last.
    const slow = server.query('select 1').then(async () => {
      await database.transaction(async (tx) => {
        await tx.manager.query(
          `insert into outbox (id, subject, event)
           values ('evt_low', 'event.support.ticket.opened', '{"id":"evt_low","data":{"priority":"low"}}')`,
        );
        began.resolve();
        await held.promise;
      });
    });
    await began.promise;
    relayOn(database, { batchSize: 7 }).start();
    const labels = Array.from({ length: 300 }, (_, i) => String(i));
    await Promise.all(labels.map((label) => sleep(Math.random() * 100).then(() => emit(label))));
    await eventually(() => expect(bus.stored).toHaveLength(300));
    held.resolve();
    await slow;
    await eventually(() => expect(bus.stored.at(-1)).toBe('low'));
    expect(new Set(bus.stored).size).toBe(301);
  });

  it('lets another relay take over at once when one dies, in order, without gaps', async () => {
    const labels = Array.from({ length: 60 }, (_, i) => String(i));
    for (const label of labels) await emit(label);
    const dying = await openDatabase({ url, applicationName: 'dying' });
    const heir = await openDatabase({ url, applicationName: 'heir' });
    const first = relayOn(dying, { batchSize: 20 });
    // Its second batch is on the bus when the process dies: stored there, not marked in the outbox.
    bus.fail = (label) => (label === '39' ? 'hang' : undefined);
    const death = outcome(first.relay().then(() => first.relay()));
    await eventually(() => expect(bus.stored).toHaveLength(39));
    const second = relayOn(heir, { batchSize: 20 });
    expect(await second.relay()).toEqual({ sent: 0, more: false }); // one at a time
    bus.fail = () => undefined;
    await server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dying'`,
    );
    const sent: number[] = [];
    await eventually(async () => {
      sent.push((await second.relay()).sent);
      expect(await pending()).toBe(0);
    });
    await death;
    expect(bus.stored.slice(39)).toEqual(labels.slice(20));
    expect([...new Set(bus.stored)]).toEqual(labels);
    await dying.close();
    await heir.close();
  });

  it('keeps everything while the bus is away, retries with pauses, and continues when it is back', async () => {
    bus.fail = () => new AppError(UNAVAILABLE);
    const relay = relayOn(database);
    relay.start();
    await emit('1');
    await emit('2');
    await eventually(() => expect(bus.attempts).toBeGreaterThan(3));
    const attempts = bus.attempts;
    for (let i = 0; i < 40; i++) {
      relay.nudge();
      await sleep(5);
    }
    expect(bus.attempts - attempts).toBeLessThan(12);
    expect(await pending()).toBe(2);
    bus.fail = () => undefined;
    await eventually(() => expect(bus.stored).toEqual(['1', '2']));
  });

  it('does not query the database while the bus is known to be disconnected', async () => {
    bus.connection = 'disconnected';
    relayOn(database).start();
    await emit('1');
    await sleep(100);
    expect(bus.attempts).toBe(0);
    bus.connection = 'connected';
    await eventually(() => expect(bus.stored).toEqual(['1']));
  });

  it('does not let one event that the bus refuses delay the others', async () => {
    bus.fail = (label) => (label === 'too large' ? new AppError(INTERNAL) : undefined);
    await emit('1', 'too large', '2');
    const relay = relayOn(database);
    await relay.relay();
    expect(bus.stored).toEqual(['1', '2']);
    await emit('3');
    await relay.relay();
    expect(bus.stored).toEqual(['1', '2', '3']);
    expect(bus.attempts).toBe(4); // not tried again at once
    expect(await pending()).toBe(1);
  });

  it('keeps no transaction open for longer than its deadline when the bus is silent', async () => {
    bus.fail = () => 'hang';
    await emit('1');
    const { error, ms } = await outcome(relayOn(database).relay());
    expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(ms).toBeLessThan(allowedMs(3000));
    expect(
      await server.query(`select 1 from pg_stat_activity where state like 'idle in transaction%'`),
    ).toEqual([]);
    expect(await pending()).toBe(1);
  });

  it('publishes the remaining events when it is stopped', async () => {
    const relay = relayOn(database, { pollMs: 60_000, batchSize: 2 });
    relay.start();
    await sleep(50);
    await emit('1', '2', '3', '4', '5');
    await relay.stop();
    expect(bus.stored).toEqual(['1', '2', '3', '4', '5']);
  });
});
