import { Bus } from '@gridworks/bus';
import { instanceRequest, listPlans, type Pulse, pulseSchema } from '@gridworks/contracts';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { endAll, SIGNING_KEY, startFixture } from './service-under-test.ts';

describe('pulse and control requests', () => {
  let nats: NatsServer;
  let monitor: Bus;
  let caller: Bus;
  let pulses: Pulse[] = [];

  /** Sends requests to billing until the condition holds. */
  const sendUntil = (condition: () => boolean) =>
    eventually(
      async () => {
        await caller.request(listPlans, {});
        expect(condition()).toBe(true);
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );

  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    monitor = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('monitor'),
      service: 'monitor',
      instance: 'monitor',
      signingKey: SIGNING_KEY,
    });
    caller = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('gateway'),
      service: 'gateway',
      instance: 'gateway',
      signingKey: SIGNING_KEY,
    });
    monitor.listenPulse((pulse) => pulses.push(pulse));
  });
  afterAll(async () => {
    await Promise.all([monitor.close(), caller.close()]);
    await nats.stop();
  });
  beforeEach(() => {
    pulses = [];
  });
  afterEach(endAll);

  it('sends its identity and state every second, and at once when the state changes', async () => {
    const service = startFixture('billing', nats, { SERVICE_INSTANCE: 'billing-2' });
    const { healthUrl } = await service.started();
    await eventually(() =>
      expect(pulses.filter(({ state }) => state === 'ready').length).toBeGreaterThanOrEqual(3),
    );
    expect(pulses[0]).toMatchObject({ state: 'starting', sequence: 0 });
    const [first, second] = pulses.filter(({ state }) => state === 'ready');
    expect(pulseSchema.parse(second)).toEqual(second);
    expect(second).toMatchObject({
      service: 'billing',
      instance: 'billing-2',
      boot_id: first!.boot_id,
      pid: service.pid,
      health_url: healthUrl,
      in_flight: 0,
      requests: { ok: 0, failed: 0 },
      degraded: ['prices are not cached'],
    });
    expect(second!.dependencies).toEqual([
      { name: 'nats', critical: true, status: 'up', connections_lost: 0, boot: expect.any(String) },
      {
        name: 'postgres',
        critical: true,
        status: 'up',
        connections_lost: 3,
        boot: 'boot-1',
        pool: {
          in_use: 2,
          waiting: 0,
          max: 8,
          level: 'normal',
          mode: 'auto',
          queued_total: 0,
          refused_total: 0,
        },
      },
    ]);
    expect(second!.resident_bytes).toBeGreaterThan(10e6);
    expect(second!.disk_total_bytes).toBeGreaterThan(1e6);
    expect(second!.disk_free_bytes).toBeLessThanOrEqual(second!.disk_total_bytes!);
    const apart = pulses.slice(-2).map(({ sent_at }) => Date.parse(sent_at));
    expect(apart[1]! - apart[0]!).toBeGreaterThan(800);
    expect(apart[1]! - apart[0]!).toBeLessThan(allowedMs(1500));
    expect(pulses.map(({ sequence }) => sequence)).toEqual(pulses.map((_pulse, at) => at));
  });

  it('carries what the process uses in every pulse, and contracts and machine in every tenth', async () => {
    const service = startFixture('billing', nats, { FIXTURE_WORK_MS: '30' });
    await service.started();
    for (let n = 0; n < 3; n++) await caller.request(listPlans, {});
    await eventually(() => expect(pulses.some(({ contracts }) => contracts)).toBe(true), {
      timeoutMs: 15_000,
    });
    const full = pulses.find(({ contracts }) => contracts)!;
    expect(pulseSchema.parse(full)).toEqual(full);
    expect(full.contracts).toEqual([
      {
        contract: 'billing.plan.list',
        ...{ requests: 3, errors: 0 },
        ...{ p50_ms: expect.any(Number), p95_ms: expect.any(Number), p99_ms: expect.any(Number) },
      },
    ]);
    expect(full.contracts![0]!.p50_ms).toBeGreaterThan(25);
    expect(full.durations).toMatchObject({ p95_ms: full.contracts![0]!.p95_ms });
    expect(full.machine!.memory_free_bytes).toBeLessThan(full.machine!.memory_total_bytes);
    const plain = pulses.find(({ cpu_share, contracts }) => cpu_share !== undefined && !contracts)!;
    expect(plain.heap_used_bytes).toBeGreaterThan(1e6);
    expect(plain.open_handles).toBeGreaterThan(0);
    expect(plain).not.toHaveProperty('machine');
    // What is added costs a pulse a second, so it stays small.
    expect(JSON.stringify(plain).length).toBeLessThan(1200);
  }, 40_000);

  it('counts upwards from pulse to pulse, and anew in a new boot', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    await sendUntil(() => pulses.filter(({ contracts }) => contracts?.length).length >= 2);
    const first = pulses.slice();
    for (const [at, pulse] of first.entries()) {
      const before = first[at - 1];
      expect(pulse.requests.ok).toBeGreaterThanOrEqual(before?.requests.ok ?? 0);
      expect(pulse.requests.failed).toBeGreaterThanOrEqual(before?.requests.failed ?? 0);
    }
    const counted = first.flatMap(({ contracts }) => contracts?.map(({ requests }) => requests) ?? []);
    expect(counted).toEqual([...counted].sort((a, b) => a - b));
    expect(counted.at(-1)).toBeGreaterThan(counted[0]!);

    service.signal('SIGKILL');
    await service.ended();
    pulses = [];
    const next = startFixture('billing', nats);
    await next.started();
    await eventually(() => expect(pulses.at(-1)?.state).toBe('ready'));
    expect(pulses[0]!.boot_id).not.toBe(first[0]!.boot_id);
    expect(pulses[0]!.requests).toEqual({ ok: 0, failed: 0 });
    await caller.request(listPlans, {});
    await eventually(() => expect(pulses.some(({ contracts }) => contracts)).toBe(true), {
      timeoutMs: 15_000,
    });
    expect(pulses.find(({ contracts }) => contracts)!.contracts).toMatchObject([{ requests: 1, errors: 0 }]);
  }, 60_000);

  it('shows in the lag that it was frozen', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    await eventually(() => expect(pulses.at(-1)?.state).toBe('ready'));
    service.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    service.signal('SIGCONT');
    await eventually(() =>
      expect(Math.max(...pulses.map((pulse) => pulse.event_loop_lag_ms))).toBeGreaterThan(1000),
    );
    // The process was held up itself, so it reports no dependency as down.
    expect(pulses.flatMap(({ dependencies }) => dependencies.map(({ status }) => status))).not.toContain(
      'down',
    );
  });

  it('serves requests to its own name only', async () => {
    const one = startFixture('billing', nats, { SERVICE_INSTANCE: 'billing' });
    const two = startFixture('billing', nats, { SERVICE_INSTANCE: 'billing-2' });
    await Promise.all([one.started(), two.started()]);
    const response = await monitor.request(instanceRequest('billing', 'ping', 'billing-2'), {});
    expect(response).toEqual({ instance: 'billing-2', boot_id: expect.any(String), state: 'ready' });
    const missing = monitor.request(instanceRequest('billing', 'ping', 'billing-3'), {});
    await expect(missing).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
    expect(() => instanceRequest('billing', 'ping', '*')).toThrow();
  });

  it('clears its caches and renews its connections, and still responds after that', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    expect(await monitor.request(instanceRequest('billing', 'clear-cache', 'billing'), {})).toEqual({
      instance: 'billing',
      cleared: ['prices'],
    });
    expect(await monitor.request(instanceRequest('billing', 'reset-connections', 'billing'), {})).toEqual({
      instance: 'billing',
      reset: ['postgres', 'nats'],
    });
    await eventually(() => monitor.request(instanceRequest('billing', 'ping', 'billing'), {}));
    service.signal('SIGTERM');
    await service.ended();
    expect(service.log()).toContainEqual(
      expect.objectContaining({ event: 'control.connections_reset', resets: 1 }),
    );
  });

  it('shows its breakers, lets them be set, and refuses other names', async () => {
    const service = startFixture('billing', nats);
    const { healthUrl } = await service.started();
    const list = () => monitor.request(instanceRequest('billing', 'breakers', 'billing'), {});
    expect(await list()).toEqual({
      instance: 'billing',
      breakers: [
        expect.objectContaining({ breaker: 'postgres', state: 'closed', mode: 'auto', reopens_at: null }),
      ],
    });
    const set = (breaker: string, mode: 'open' | 'auto') =>
      monitor.request(instanceRequest('billing', 'set-breaker', 'billing'), {
        breaker,
        mode,
        reason: 'a test',
      });
    expect((await set('postgres', 'open')).breaker).toMatchObject({
      state: 'open',
      mode: 'open',
      reason: 'set to open: a test',
    });
    expect((await list()).breakers[0]).toMatchObject({ state: 'open', opened_total: 0 });
    const poolRequest = instanceRequest('billing', 'pool', 'billing');
    expect((await monitor.request(poolRequest, {})).pool).toMatchObject({ in_use: 2, max: 8, mode: 'auto' });
    const change = { mode: 'off', size: 20 } as const;
    await monitor.request(instanceRequest('billing', 'set-pool', 'billing'), change);
    expect((await monitor.request(poolRequest, {})).pool).toMatchObject({ max: 20, mode: 'off' });
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/^# TYPE service_requests_ok_total counter\nservice_requests_ok_total [1-9]/m);
    expect(metrics).toMatch(
      /^# TYPE service_requests_failed_total counter\nservice_requests_failed_total 0$/m,
    );
    expect(metrics).toContain('# TYPE service_request_seconds histogram');
    expect(metrics).toContain('dependency_connections_lost_total{dependency="postgres"} 3');
    expect(metrics).toContain('circuit_breaker_state{breaker="postgres"} 2');
    expect(metrics).toContain(
      'self_healing_calls_total{source="billing.postgres.read",category="database"} 0',
    );
    expect(metrics).toMatch(/^error_captures_waiting \d+$/m);
    expect((await set('postgres', 'auto')).breaker.state).toBe('closed');
    await expect(set('no-such', 'open')).rejects.toMatchObject({ code: 'PLATFORM.BREAKER_NOT_FOUND' });
  });

  it('drains on request: responds first, sends a last pulse, ends with 0', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    const response = await monitor.request(instanceRequest('billing', 'drain', 'billing'), {});
    expect(response).toEqual({ instance: 'billing', draining: true });
    expect(await service.ended()).toBe(0);
    await eventually(() => expect(pulses.at(-1)?.state).toBe('stopped'));
  });

  it('sends no last pulse when it is killed', async () => {
    const service = startFixture('billing', nats);
    await service.started();
    await eventually(() => expect(pulses.at(-1)?.state).toBe('ready'));
    service.signal('SIGKILL');
    expect(await service.ended()).toBe('SIGKILL');
    await monitor.rtt();
    expect(pulses.map(({ state }) => state)).not.toContain('stopped');
  });
});
