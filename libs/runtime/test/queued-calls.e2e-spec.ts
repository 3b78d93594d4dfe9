import { AppError, FORBIDDEN, UNAVAILABLE } from '@gridworks/contracts';
import { type QueuedCall, withSelfHealing } from '@gridworks/resilience';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { type HealedProcess, startHealing, stopAll } from './healing-under-test.ts';

const SOURCE = 'billing.statements.send';
const call = (id: string, given: Partial<QueuedCall> = {}): QueuedCall => ({
  id,
  source: SOURCE,
  payload: { statement: id },
  reason: 'connection_refused',
  at: Date.UTC(2026, 0, 1),
  ...given,
});

describe('queued calls', () => {
  let server: NatsServer;
  let billing: HealedProcess;
  beforeEach(async () => {
    server = await startNats();
    billing = await startHealing(server, 'billing');
  });
  afterEach(async () => {
    await stopAll();
    await server.stop();
  });

  /** Works like `database.once`: an effect and its inbox row, committed together. */
  const inbox = () => {
    const had = new Set<string>();
    const effects: string[] = [];
    return {
      effects,
      once: async (id: string, effect: string) => {
        if (had.has(id)) return;
        had.add(id);
        effects.push(effect);
      },
    };
  };

  it('are done with their payload, by any running instance of the service', async () => {
    const seen: unknown[] = [];
    billing.healing.replays.register(SOURCE, async (payload, { id, reason, queuedAt, source: from }) => {
      seen.push({ payload, id, reason, queuedAt, from });
    });
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a'));
    await eventually(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toEqual({
      payload: { statement: 'a' },
      id: `${SOURCE}:a`,
      reason: 'connection_refused',
      queuedAt: new Date(Date.UTC(2026, 0, 1)),
      from: SOURCE,
    });
    await eventually(() => expect(billing.healing.replays.replayed).toBe(1));
  });

  it('wait for a process that can do them, however late it registers', async () => {
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a'));
    const seen: string[] = [];
    billing.healing.replays.register(SOURCE, async (_payload, { id }) => void seen.push(id));
    await eventually(() => expect(seen).toEqual([`${SOURCE}:a`]));
  });

  it('are done once when one call is queued twice, and when it failed after its effect', async () => {
    const { effects, once } = inbox();
    let failures = 1;
    billing.healing.replays.register(SOURCE, async (_payload, { id }) => {
      await once(id, id);
      if (failures-- > 0) throw new Error('died after the commit');
    });
    await billing.healing.replays.start();
    await Promise.all([1, 2, 3].map(() => billing.healing.queue.enqueue(call('a'))));
    await billing.healing.queue.enqueue(call('b'));
    await eventually(() => expect(billing.healing.replays.replayed).toBe(2));
    expect(effects.sort()).toEqual([`${SOURCE}:a`, `${SOURCE}:b`]);
  });

  it('of two call sites are two, also under one id', async () => {
    const seen: string[] = [];
    for (const name of [SOURCE, 'billing.receipts.send'])
      billing.healing.replays.register(name, async (_payload, { id }) => void seen.push(id));
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a'));
    await billing.healing.queue.enqueue(call('a', { source: 'billing.receipts.send' }));
    await eventually(() => expect(seen.sort()).toEqual(['billing.receipts.send:a', `${SOURCE}:a`]));
    const long = call('x'.repeat(5000));
    await billing.healing.queue.enqueue(long);
    await eventually(() => expect(seen).toHaveLength(3));
    expect(seen[2]?.length).toBeLessThanOrEqual(200);
  });

  it('survive a kill of the server and of the connection', async () => {
    for (let n = 0; n < 20; n++) await billing.healing.queue.enqueue(call(String(n)));
    await server.kill9();
    await server.restart();
    const { effects, once } = inbox();
    billing.healing.replays.register(SOURCE, async (_payload, { id }) => once(id, id));
    await billing.healing.replays.start();
    await eventually(() => expect(effects).toHaveLength(20), { timeoutMs: 10_000 });
    expect(new Set(effects).size).toBe(20);
  });

  it('of an unknown source stay until an instance registers it', async () => {
    const seen: string[] = [];
    const replay = async (_payload: unknown, { id }: { id: string }) => void seen.push(id);
    billing.healing.replays.register(SOURCE, replay);
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a', { source: 'billing.receipts.send' }));
    await billing.healing.queue.enqueue(call('b'));
    await eventually(() => expect(seen).toEqual([`${SOURCE}:b`]));
    billing.healing.replays.register('billing.receipts.send', replay);
    await eventually(() => expect(seen).toContain('billing.receipts.send:a'));
  });

  it('go to the dead letters with a reason when the work refuses them; none is lost', async () => {
    const dead: Record<string, string>[] = [];
    const raw = await connect({ servers: server.url });
    raw.subscribe('dead.>', {
      callback: (_error, { headers, data }) => {
        dead.push({ reason: headers?.get('Dead-Reason') ?? '', body: Buffer.from(data).toString() });
      },
    });
    await raw.flush();
    billing.healing.replays.register(SOURCE, async () => {
      throw new AppError(FORBIDDEN, { detail: 'This mailbox is closed' });
    });
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a'));
    await eventually(() => expect(dead).toHaveLength(1));
    expect(dead[0]?.reason).toContain('This mailbox is closed');
    expect(dead[0]?.body).toContain(`${SOURCE}:a`);
    await raw.close();
  });

  it.each([
    ['a temporary error', () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
    ['UNAVAILABLE', () => new AppError(UNAVAILABLE)],
  ])('wait when they fail for a temporary reason: %s', async (_what, fault) => {
    let attempts = 0;
    billing.healing.replays.register(SOURCE, async () => {
      if (++attempts < 3) throw fault();
    });
    await billing.healing.replays.start();
    await billing.healing.queue.enqueue(call('a'));
    await eventually(() => expect(billing.healing.replays.replayed).toBe(1), { timeoutMs: 10_000 });
    expect(attempts).toBe(3);
  });

  it('are not queued again by their own replay, which would be endless', async () => {
    let sent = 0;
    let away = true;
    const send = withSelfHealing(
      async (statement: string): Promise<string | undefined> => {
        sent++;
        if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        return statement;
      },
      {
        source: SOURCE,
        category: 'api',
        dependency: 'smtp',
        retry: false,
        breaker: false,
        environment: billing.environment,
        queue: { port: billing.healing.queue, payload: (statement) => ({ statement }) },
      },
    );
    expect(await send('a')).toBeUndefined();
    expect(billing.healing.queue.queued).toBe(1);
    billing.healing.replays.register(SOURCE, async (payload) => {
      await send((payload as { statement: string }).statement);
    });
    await billing.healing.replays.start();
    await eventually(() => expect(sent).toBe(3));
    expect(billing.healing.queue.queued).toBe(1);
    away = false;
    await eventually(() => expect(billing.healing.replays.replayed).toBe(1), { timeoutMs: 10_000 });
  });

  it('are refused when they cannot be stored, so that the caller gets the error', async () => {
    await server.kill9();
    await eventually(() => expect(billing.bus.state()).toBe('disconnected'));
    await expect(billing.healing.queue.enqueue(call('a'))).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
    });
  });

  it('have one replay per source', () => {
    billing.healing.replays.register(SOURCE, async () => undefined);
    expect(() => billing.healing.replays.register(SOURCE, async () => undefined)).toThrow(/already/);
  });
});
