import type { DependencyProbe } from '@gridworks/observability';
import { BreakerRegistry } from '@gridworks/resilience';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health-registry.ts';
import { InstanceState } from './instance-state.ts';

class SwitchedProbe implements DependencyProbe {
  readonly name: string;
  readonly critical: boolean;
  up = true;
  resets = 0;
  constructor(name: string, critical: boolean) {
    this.name = name;
    this.critical = critical;
  }
  async check() {
    if (!this.up) throw new Error(`${this.name}://user:hunter2@host is away`);
  }
  connectionsLost() {
    return 2;
  }
  boot() {
    return 'b1';
  }
  async reset() {
    if (!this.up) throw new Error('away');
    this.resets++;
  }
  degraded() {
    return this.up ? null : `${this.name} is away: slower`;
  }
}

describe('HealthRegistry', () => {
  it('checks a new dependency at once and refuses a second one of the same name', async () => {
    const health = new HealthRegistry();
    health.register(new SwitchedProbe('redis', false));
    await eventually(() =>
      expect(health.dependencies()[0]).toMatchObject({ name: 'redis', status: 'up', boot: 'b1' }),
    );
    expect(() => health.register(new SwitchedProbe('redis', true))).toThrow('registered already');
  });

  it('makes the instance not ready for a critical dependency only, and shows no password', async () => {
    const health = new HealthRegistry();
    const state = new InstanceState(health);
    const states: string[] = [];
    state.onChange((now) => states.push(now));
    const postgres = new SwitchedProbe('postgres', true);
    const redis = new SwitchedProbe('redis', false);
    health.register(postgres);
    health.register(redis);
    expect(state.current()).toBe('starting');
    await health.check();
    await eventually(() => expect(health.missing()).toEqual([]));
    state.enter('started');
    redis.up = false;
    await health.check();
    expect(state.current()).toBe('ready');
    expect(health.degraded()).toEqual(['redis is away: slower']);
    postgres.up = false;
    await health.check();
    expect(health.missing()).toEqual(['postgres']);
    expect(health.dependencies()[0]?.detail).toBe('postgres://user:[redacted]@host is away');
    postgres.up = true;
    await health.check();
    state.enter('draining');
    postgres.up = false;
    await health.check();
    state.enter('stopped');
    expect(states).toEqual(['ready', 'not-ready', 'ready', 'draining', 'stopped']);
  });

  it('checks a missing dependency many times a second, and the others not', async () => {
    const registry = new HealthRegistry();
    const missing = new SwitchedProbe('postgres', true);
    const optional = new SwitchedProbe('redis', false);
    missing.up = optional.up = false;
    const requested = { missing: 0, optional: 0 };
    registry.register(missing);
    registry.register(optional);
    const count = (probe: SwitchedProbe, key: keyof typeof requested) => {
      const check = probe.check.bind(probe);
      probe.check = async () => {
        requested[key]++;
        return check();
      };
    };
    count(missing, 'missing');
    count(optional, 'optional');
    registry.start();
    try {
      await eventually(() => expect(requested.missing).toBeGreaterThan(15), { timeoutMs: 10_000 });
      expect(requested.optional).toBeLessThan(requested.missing / 2);
      missing.up = true;
      await eventually(() => expect(registry.missing()).toEqual([]));
    } finally {
      registry.stop();
    }
  });

  it('reports each successful check, so that no breaker waits for a dependency that is back', async () => {
    const breakers = new BreakerRegistry();
    const breaker = breakers.named('redis', { consecutiveFailures: 1 });
    const probe = new SwitchedProbe('redis', false);
    probe.up = false;
    const health = new HealthRegistry((name) => breakers.dependencyHealthy(name));
    health.register(probe);
    breaker.failed(false, new Error('away'));
    await health.check();
    expect(breaker.state).toBe('open');
    probe.up = true;
    await health.check();
    expect(breaker.state).toBe('half-open');
  });

  it('reports a change once', async () => {
    const health = new HealthRegistry();
    health.register(new SwitchedProbe('redis', false));
    await eventually(() => expect(health.dependencies()[0]?.status).toBe('up'));
    let changes = 0;
    health.onChange(() => changes++);
    await health.check();
    health.setDegraded('cache', 'prices are not cached');
    health.setDegraded('cache', 'prices are not cached');
    await health.check();
    health.setDegraded('cache', null);
    expect(changes).toBe(2);
  });

  it('resets all dependencies but the excluded one', async () => {
    const health = new HealthRegistry();
    const [nats, postgres, redis] = ['nats', 'postgres', 'redis'].map(
      (name) => new SwitchedProbe(name, true),
    );
    for (const probe of [nats!, postgres!, redis!]) health.register(probe);
    redis!.up = false;
    expect(await health.resetAll({ except: 'nats' })).toEqual(['postgres']);
    expect([nats!.resets, postgres!.resets, redis!.resets]).toEqual([0, 1, 0]);
  });
});
