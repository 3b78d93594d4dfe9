import { AppError, DEADLINE_EXCEEDED, instanceRequest, UNAVAILABLE } from '@gridworks/contracts';
import {
  classify,
  type ErrorCapture,
  ErrorReporter,
  fingerprint,
  HealingEnvironment,
  type HealingRecord,
  withSelfHealing,
} from '@gridworks/resilience';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus } from '../src/index.ts';
import { charge, closeAll, connectBus, counted, echo, plan, WRONG } from './bus-under-test.ts';

describe('healing a request', () => {
  let server: NatsServer;
  let environment: HealingEnvironment;
  let records: HealingRecord[];
  let captures: ErrorCapture[];
  let reporter: ErrorReporter;
  let gateway: Bus;

  beforeEach(async () => {
    server = await startNats({ plan });
    captures = [];
    records = [];
    reporter = new ErrorReporter({ sink: async (batch) => void captures.push(...batch) });
    environment = new HealingEnvironment({ classify, fingerprint, reporter });
    environment.onHealing((record) => void records.push(record));
    gateway = await connectBus(server, 'gateway', { environment });
  });
  afterEach(async () => {
    await closeAll();
    await server.stop();
    await reporter.stop();
  });

  const startBilling = async (): Promise<Bus> => {
    const billing = await connectBus(server, 'billing', { environment });
    await billing.serve(echo, ({ text }) => ({ text }));
    return billing;
  };
  const breaker = () => environment.breakers.get('rpc.billing');
  const stats = () => environment.sites().find(({ source }) => source === 'gateway.rpc.billing');

  it.each([
    ['a question', () => gateway.request(echo, { text: 'a' }), { text: 'a' }],
    ['a write, since no instance took it', () => gateway.request(charge, {}), { charged: true }],
  ])('bridges a short time in which a service is away: %s', async (_what, send, response) => {
    const pending = send();
    await eventually(() => expect(stats()?.calls).toBe(1));
    // No instance took the request yet; the service starts a little later.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const billing = await startBilling();
    await billing.serve(charge, () => ({ charged: true }));
    expect(await pending).toEqual(response);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      source: 'gateway.rpc.billing',
      healedBy: 'RETRY_WITH_BACKOFF',
      decision: { kind: 'no_responders' },
    });
    await reporter.flush();
    expect(captures).toEqual([
      expect.objectContaining({ dependency: 'billing', category: 'api', healed: 1 }),
    ]);
  });

  it('lets all requests wait for a service that is away for a moment, at the price of one repeat', async () => {
    const pending = Array.from({ length: 100 }, (_, n) =>
      n % 2 ? gateway.request(echo, { text: String(n) }) : gateway.request(charge, {}),
    );
    await eventually(() => expect(stats()?.calls).toBe(100));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const billing = await connectBus(server, 'billing', { environment });
    let charged = 0;
    await Promise.all([
      billing.serve(echo, ({ text }) => ({ text })),
      billing.serve(charge, () => {
        charged++;
        return { charged: true };
      }),
    ]);
    const responses = await Promise.all(pending);
    expect(responses.map((response, n) => ('text' in response ? Number(response.text) : n))).toEqual([
      ...responses.keys(),
    ]);
    expect(charged).toBe(50);
    expect(environment.budget.granted).toBeLessThanOrEqual(2);
    // From now on nothing waits.
    const began = performance.now();
    await gateway.request(echo, { text: '' });
    expect(performance.now() - began).toBeLessThan(allowedMs(50));
  });

  it('repeats requests that were under way when the last instance died, where a repeat does no harm', async () => {
    const dying = await connectBus(server, 'billing', { environment });
    let taken = 0;
    const silent = () => {
      taken++;
      return new Promise<never>(() => undefined);
    };
    await dying.serve(echo, silent);
    await dying.serve(charge, silent);
    const harmless = gateway.request(echo, { text: 'a' });
    const harmful = gateway.request(charge, {}).catch(({ code }) => code);
    await eventually(() => expect(taken).toBe(2));
    await dying.close();
    const next = gateway.request(echo, { text: 'b' });
    await eventually(() => expect(stats()?.failedAttempts).toBeGreaterThan(0));
    const billing = await startBilling();
    await billing.serve(charge, silent);
    expect(await harmless).toEqual({ text: 'a' });
    expect(await next).toEqual({ text: 'b' });
    expect(await harmful).toBe('PLATFORM.DEADLINE_EXCEEDED');
    expect(taken).toBe(2);
  });

  it('gives an instance that drains the time to finish', async () => {
    const leaving = await connectBus(server, 'billing', { environment });
    let pending = 0;
    let finish: (response: { text: string }) => void = () => undefined;
    await leaving.serve(echo, () => {
      pending++;
      return new Promise<{ text: string }>((resolve) => {
        finish = resolve;
      });
    });
    const underWay = gateway.request(echo, { text: '' }, { deadlineMs: 10_000 });
    await eventually(() => expect(pending).toBe(1));
    const drained = leaving.drain();
    const next = gateway.request(echo, { text: 'b' }, { deadlineMs: 10_000 });
    await eventually(() => expect(stats()?.failedAttempts).toBe(1));
    await startBilling();
    expect(await next).toEqual({ text: 'b' });
    finish({ text: 'finished' });
    expect(await underWay).toEqual({ text: 'finished' });
    await drained;
    expect(pending).toBe(1);
  });

  it('fails at once when no instance has responded for a while', async () => {
    await expect(gateway.request(echo, { text: '' }, { deadlineMs: 5000 })).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
    });
    const repeats = stats()?.repeats;
    for (let i = 0; i < 5; i++) {
      const began = performance.now();
      const error = await gateway.request(echo, { text: '' }).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000 });
      expect(performance.now() - began).toBeLessThan(allowedMs(100));
    }
    expect(stats()?.repeats).toBe(repeats);
    await startBilling();
    expect(await gateway.request(echo, { text: 'a' })).toEqual({ text: 'a' });
  });

  it('gives up in time, and says when to retry', async () => {
    const began = performance.now();
    const error = await gateway.request(echo, { text: '' }, { deadlineMs: 500 }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'PLATFORM.UNAVAILABLE', retryAfterMs: 1000, retryable: true });
    expect(performance.now() - began).toBeLessThan(allowedMs(600));
  });

  it('never repeats a write that may have been done', async () => {
    const billing = await connectBus(server, 'billing');
    let charged = 0;
    await billing.serve(charge, () => {
      charged++;
      throw new AppError(UNAVAILABLE, { detail: 'after the first half' });
    });
    await expect(gateway.request(charge, {})).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(charged).toBe(1);
    expect(stats()?.repeats).toBe(0);
  });

  it('repeats a request whose response says that a dependency is away, where a repeat does no harm', async () => {
    const billing = await connectBus(server, 'billing');
    let pending = 0;
    await billing.serve(echo, ({ text }) => {
      if (++pending === 1)
        throw new AppError(UNAVAILABLE, { detail: 'PostgreSQL is away', retryAfterMs: 100 });
      return { text };
    });
    expect(await gateway.request(echo, { text: 'a' })).toEqual({ text: 'a' });
    expect(records[0]?.decision.kind).toBe('upstream_unavailable');
  });

  it.each([
    ['a refusal', WRONG, 'BILLING.WRONG'],
    ['an invalid request', undefined, 'PLATFORM.INVALID_INPUT'],
  ])('treats %s as a response: nothing is repeated, nothing reported', async (_what, definition, code) => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, () => {
      throw new AppError(definition ?? WRONG);
    });
    const input = definition ? { text: '' } : ({ text: 1 } as never);
    for (let i = 0; i < 20; i++) await expect(gateway.request(echo, input)).rejects.toMatchObject({ code });
    expect(records).toEqual([]);
    expect(reporter.captured).toBe(0);
    expect(stats()).toMatchObject({ succeeded: 20, repeats: 0 });
    expect(breaker()?.state).toBe('closed');
  });

  it.each([
    ['UNAVAILABLE', UNAVAILABLE],
    ['DEADLINE_EXCEEDED', DEADLINE_EXCEEDED],
  ])('reports a response with %s, but opens no breaker for it', async (_what, definition) => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(charge, () => {
      throw new AppError(definition);
    });
    for (let i = 0; i < 30; i++)
      await expect(gateway.request(charge, {})).rejects.toMatchObject({ code: definition.code });
    expect(breaker()?.state).toBe('closed');
    expect(reporter.captured).toBe(30);
    expect(records.map(({ decision }) => decision.kind)).not.toContain('unknown');
  });

  it('reports an unexpected error of a handler where it was thrown, once, and not again after healing reported it', async () => {
    const billing = await connectBus(server, 'billing', { environment });
    const inner = withSelfHealing(
      async () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' })),
      { source: 'billing.postgres.read', category: 'database', environment },
    );
    await billing.serve(charge, () => {
      throw new TypeError("Cannot read properties of undefined (reading 'id')");
    });
    await billing.serve(echo, () => inner());
    await expect(gateway.request(charge, {})).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
    await expect(gateway.request(echo, { text: '' })).rejects.toMatchObject({ code: 'PLATFORM.INTERNAL' });
    await reporter.flush();
    expect(captures.map(({ source, kind, dependency }) => [source, kind, dependency])).toEqual([
      ['billing.charge.create', 'programming_bug', null],
      ['billing.postgres.read', 'connection_lost', null],
    ]);
    expect(captures[0]?.error.stack).toContain('heal-requests');
    expect(records.flatMap(({ steps }) => steps).map(({ outcome }) => outcome)).not.toContain('failed');
  });

  it('reports an unexpected error of an event handler', async () => {
    const billing = await connectBus(server, 'billing', { environment });
    let failures = 2;
    await billing.consume(counted, 'billing_count-thing', async () => {
      if (failures-- > 0) throw new TypeError('x is not a function');
    });
    await gateway.publish(counted, { n: 1 });
    await eventually(() => expect(reporter.captured).toBe(2));
    await reporter.flush();
    expect(captures).toEqual([expect.objectContaining({ source: 'billing.count-thing', count: 2 })]);
  });

  it('blames no service for a request that was sent too late for a response', async () => {
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, async ({ text }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { text };
    });
    const hasty = Array.from({ length: 30 }, () =>
      gateway.request(echo, { text: '' }, { deadlineMs: 20 }).catch(({ code }) => code),
    );
    expect(new Set(await Promise.all(hasty))).toEqual(new Set(['PLATFORM.DEADLINE_EXCEEDED']));
    expect(breaker()?.toJSON()).toMatchObject({ state: 'closed', opened_total: 0 });
    expect(await gateway.request(echo, { text: 'a' })).toEqual({ text: 'a' });
  });

  it('opens the breaker of a silent service, and closes it within half a second after its return', async () => {
    const billing = await connectBus(server, 'billing');
    let frozen = true;
    await billing.serve(echo, ({ text }) => (frozen ? new Promise<never>(() => undefined) : { text }));
    const silent = Array.from({ length: 10 }, () =>
      gateway.request(echo, { text: '' }, { deadlineMs: 600 }).catch(({ code }) => code),
    );
    expect(new Set(await Promise.all(silent))).toEqual(new Set(['PLATFORM.DEADLINE_EXCEEDED']));
    expect(breaker()?.state).toBe('open');
    const began = performance.now();
    await expect(gateway.request(echo, { text: '' })).rejects.toMatchObject({
      code: 'PLATFORM.UNAVAILABLE',
      retryAfterMs: expect.any(Number),
    });
    expect(performance.now() - began).toBeLessThan(allowedMs(50));
    // Trials that hang do not delay the next trial.
    const hanging: Promise<unknown>[] = [];
    await eventually(() => {
      hanging.push(gateway.request(echo, { text: '' }, { deadlineMs: 1500 }).catch(() => undefined));
      expect(billing.inFlight()).toBeGreaterThanOrEqual(12);
    });
    frozen = false;
    const thawed = performance.now();
    await eventually(() => gateway.request(echo, { text: 'b' }), { everyMs: 20 });
    expect(performance.now() - thawed).toBeLessThan(allowedMs(500));
    await Promise.all(hanging);
    expect(await gateway.request(echo, { text: 'c' })).toEqual({ text: 'c' });
  });

  it('heals no control request to one instance: its caller wants to see the real state', async () => {
    const healer = await connectBus(server, 'healer', { environment });
    const ping = instanceRequest('billing', 'ping', 'billing');
    for (let i = 0; i < 20; i++)
      await expect(healer.request(ping, {})).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(environment.sites()).toEqual([]);
    expect(reporter.captured).toBe(0);
  });

  it('bridges a restart of the server, for requests that were not sent and for repeatable ones', async () => {
    await startBilling();
    await server.kill9();
    await eventually(() => expect(gateway.state()).toBe('disconnected'), { everyMs: 5 });
    const pending = [gateway.request(echo, { text: 'a' }), gateway.forward(echo, { text: 'a' })];
    await server.restart();
    expect(await pending[0]).toEqual({ text: 'a' });
    expect(JSON.parse(Buffer.from((await pending[1]) as Uint8Array).toString())).toEqual({ text: 'a' });
    expect(breaker()?.state).toBe('closed');
  });

  it('keeps no breaker open for long when the bus caused the silence', async () => {
    await startBilling();
    await gateway.request(echo, { text: '' });
    server.freeze();
    const silent = Array.from({ length: 20 }, () =>
      gateway.request(echo, { text: '' }, { deadlineMs: 600 }).catch(() => undefined),
    );
    await Promise.all(silent);
    expect(breaker()?.state).toBe('open');
    server.thaw();
    await eventually(async () => expect(await gateway.request(echo, { text: 'b' })).toEqual({ text: 'b' }), {
      timeoutMs: 10_000,
    });
    expect(breaker()?.state).toBe('closed');
  });
});
