import { Bus } from '@gridworks/bus';
import { instanceRequest, type Pulse, pulseSchema } from '@gridworks/contracts';
import { allowedMs, eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { endAll, SIGNING_KEY, startFixture } from './service-under-test.ts';

describe('pulse and control requests', () => {
  let nats: NatsServer;
  let monitor: Bus;
  let pulses: Pulse[] = [];

  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    monitor = await Bus.connect({
      servers: nats.url,
      ...nats.credentials('monitor'),
      service: 'monitor',
      instance: 'monitor',
      signingKey: SIGNING_KEY,
    });
    monitor.listenPulse((pulse) => pulses.push(pulse));
  });
  afterAll(async () => {
    await monitor.close();
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
      { name: 'postgres', critical: true, status: 'up', connections_lost: 3, boot: 'boot-1' },
    ]);
    expect(second!.resident_bytes).toBeGreaterThan(10e6);
    expect(second!.disk_total_bytes).toBeGreaterThan(1e6);
    expect(second!.disk_free_bytes).toBeLessThanOrEqual(second!.disk_total_bytes!);
    const apart = pulses.slice(-2).map(({ sent_at }) => Date.parse(sent_at));
    expect(apart[1]! - apart[0]!).toBeGreaterThan(800);
    expect(apart[1]! - apart[0]!).toBeLessThan(allowedMs(1500));
    expect(pulses.map(({ sequence }) => sequence)).toEqual(pulses.map((_pulse, at) => at));
  });

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
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
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
