import {
  breakerChanged,
  type ErrorsCaptured,
  errorCaptured,
  PATTERN_TABLE_KEY,
  type PatternTable,
  patternTableSchema,
} from '@gridworks/contracts';
import { withSelfHealing } from '@gridworks/resilience';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { type HealedProcess, startHealing, stopAll } from './healing-under-test.ts';

describe('healing, connected with the bus', () => {
  let server: NatsServer;
  beforeEach(async () => {
    server = await startNats({ withPermissions: true });
  });
  afterEach(async () => {
    await stopAll();
    await server.stop();
  });

  const failing = ({ environment }: HealedProcess, source = 'billing.tests.fail') =>
    withSelfHealing(async (code: string) => Promise.reject(Object.assign(new Error(code), { code })), {
      source,
      category: 'database',
      dependency: 'postgres',
      breaker: { name: 'tests', consecutiveFailures: 5 },
      retry: false,
      environment,
    });
  const fail = (fn: ReturnType<typeof failing>, code = 'ECONNRESET') => fn(code).catch(() => undefined);
  const recordErrors = async (healer: HealedProcess): Promise<ErrorsCaptured[]> => {
    const received: ErrorsCaptured[] = [];
    await healer.bus.consume(
      errorCaptured.billing,
      'healer_record-billing-errors',
      async ({ payload }) => void received.push(payload),
    );
    return received;
  };

  describe('reports', () => {
    it('reach the healer within seconds, equal errors as one', async () => {
      const billing = await startHealing(server, 'billing', 'billing-2');
      const received = await recordErrors(await startHealing(server, 'healer'));
      const fn = failing(billing);
      for (let i = 0; i < 50; i++) await fail(fn);
      await eventually(() => expect(received.length).toBeGreaterThan(0));
      expect(received[0]).toMatchObject({ service: 'billing', instance: 'billing-2', dropped: 0 });
      const captures = received.flatMap(({ captures }) => captures);
      const direct = captures.find(({ kind }) => kind === 'connection_lost');
      expect(direct).toMatchObject({
        source: 'billing.tests.fail',
        dependency: 'postgres',
        count: 5,
        healed: 0,
      });
      // The breaker refused the others.
      expect(captures.find(({ kind }) => kind === 'circuit_open')?.count).toBe(45);
    });

    it('wait while the bus is away, and are sent once when it is back', async () => {
      const billing = await startHealing(server, 'billing');
      const received = await recordErrors(await startHealing(server, 'healer'));
      await server.kill9();
      await eventually(() => expect(billing.bus.state()).toBe('disconnected'));
      await fail(failing(billing));
      await billing.healing.reporter.flush();
      expect(billing.healing.reporter.waiting).toBe(1);
      await server.restart();
      await eventually(() => expect(received).toHaveLength(1), { timeoutMs: 10_000 });
      await billing.healing.reporter.flush();
      expect(received).toHaveLength(1);
      expect(billing.healing.reporter.waiting).toBe(0);
    });

    it('are sent before the process ends, and keep it no longer than a second', async () => {
      const billing = await startHealing(server, 'billing');
      const received = await recordErrors(await startHealing(server, 'healer'));
      await fail(failing(billing));
      await billing.healing.stop();
      await eventually(() => expect(received).toHaveLength(1));

      const another = await startHealing(server, 'billing', 'billing-2');
      await fail(failing(another));
      server.freeze();
      const began = performance.now();
      await another.healing.stop();
      expect(performance.now() - began).toBeLessThan(allowedMs(1300));
      server.thaw();
    });
  });

  describe('the learned patterns', () => {
    const table = (version: number, patterns: PatternTable['patterns']): PatternTable => ({
      version,
      updated_at: new Date().toISOString(),
      patterns,
    });
    const known = { strategy: 'RESET_CONNECTION', origin: 'learned' } as const;

    it('are known to every process within a second, and to those that start later', async () => {
      const [healer, billing, gateway] = await Promise.all([
        startHealing(server, 'healer'),
        startHealing(server, 'billing'),
        startHealing(server, 'gateway'),
      ]);
      const bucket = await healer.bus.bucket('healer_patterns', patternTableSchema);
      await bucket.put(PATTERN_TABLE_KEY, table(1, {}));
      await eventually(() => {
        for (const { healing } of [healer, billing, gateway]) expect(healing.patterns.version).toBe(1);
      });
      const written = performance.now();
      await bucket.put(PATTERN_TABLE_KEY, table(2, { abc: known }));
      await eventually(
        () => {
          for (const { environment } of [healer, billing, gateway])
            expect(environment.patterns?.lookup('abc')).toEqual(known);
        },
        { everyMs: 10 },
      );
      expect(performance.now() - written).toBeLessThan(allowedMs(1000));
      const support = await startHealing(server, 'support');
      await eventually(() => expect(support.healing.patterns.lookup('abc')).toEqual(known));
      expect(support.healing.patterns.lookup('def')).toBeNull();
    });

    it('stay known while the bus is away, when the bucket is lost, and when a value is invalid', async () => {
      const healer = await startHealing(server, 'healer');
      const billing = await startHealing(server, 'billing');
      const bucket = await healer.bus.bucket('healer_patterns', patternTableSchema);
      await bucket.put(PATTERN_TABLE_KEY, table(1, { abc: known }));
      await eventually(() => expect(billing.healing.patterns.size).toBe(1));

      const { user, password } = server.credentials('healer');
      const raw = await connect({ servers: server.url, user, pass: password, inboxPrefix: '_INBOX_healer' });
      raw.publish(`$KV.healer_patterns.${PATTERN_TABLE_KEY}`, '{"version":"seven"}');
      raw.publish(`$KV.healer_patterns.${PATTERN_TABLE_KEY}`, 'junk');
      await raw.flush();
      await raw.close();
      await bucket.put('another', table(5, {}));
      expect(billing.healing.patterns.lookup('abc')).toEqual(known);

      await server.kill9();
      await server.loseStore();
      await eventually(() => expect(billing.bus.state()).toBe('disconnected'));
      expect(billing.healing.patterns.lookup('abc')).toEqual(known);
      await server.restart();
      await eventually(() => expect(healer.bus.state()).toBe('connected'));
      expect(billing.healing.patterns.lookup('abc')).toEqual(known);
      await eventually(() => bucket.put(PATTERN_TABLE_KEY, table(2, {})));
      await eventually(() => expect(billing.healing.patterns.version).toBe(2), { timeoutMs: 10_000 });
      expect(billing.healing.patterns.lookup('abc')).toBeNull();
    });
  });

  describe('breakers', () => {
    it('publish their changes, and one that flaps once a second at most', async () => {
      const billing = await startHealing(server, 'billing');
      const healer = await startHealing(server, 'healer');
      const received: unknown[] = [];
      healer.bus.listen(breakerChanged.billing, async ({ payload }) => {
        received.push([payload.breaker, payload.from, payload.to, payload.instance]);
      });
      await healer.bus.rtt();
      const fn = failing(billing);
      for (let i = 0; i < 5; i++) await fail(fn);
      const breaker = billing.environment.breakers.get('tests');
      await eventually(() => expect(received).toEqual([['tests', 'closed', 'open', 'billing']]));
      for (let i = 0; i < 10; i++) {
        breaker?.force('open', 'flap');
        breaker?.force('auto', 'flap');
      }
      await eventually(() => expect(received).toHaveLength(2));
      expect(received[1]).toEqual(['tests', 'open', 'closed', 'billing']);
      await healer.bus.rtt();
      expect(received).toHaveLength(2);
    });

    it('still change while the bus is away', async () => {
      const billing = await startHealing(server, 'billing');
      await server.kill9();
      await eventually(() => expect(billing.bus.state()).toBe('disconnected'));
      const fn = failing(billing);
      for (let i = 0; i < 6; i++) await fail(fn);
      expect(billing.environment.breakers.get('tests')?.state).toBe('open');
    });
  });
});
