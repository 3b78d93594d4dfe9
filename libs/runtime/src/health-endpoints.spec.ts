import type { DependencyProbe } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { HealthEndpoints } from './health-endpoints.ts';
import { HealthRegistry } from './health-registry.ts';
import { InstanceState } from './instance-state.ts';
import { ServiceInfo } from './process/service-info.ts';

/** A dependency that is up or away, as the test decides. */
class SwitchedProbe implements DependencyProbe {
  up = true;
  readonly name: string;
  readonly critical: boolean;
  constructor(name: string, critical: boolean) {
    this.name = name;
    this.critical = critical;
  }
  async check() {
    if (!this.up) throw new Error(`${this.name} refused the connection`);
  }
  connectionsLost() {
    return 0;
  }
  boot() {
    return 'b1';
  }
  async reset() {}
  degraded() {
    return this.up ? null : `${this.name} is away`;
  }
}

describe('public health', () => {
  it('is a status and one sentence that names no part of the system', async () => {
    const health = new HealthRegistry();
    const state = new InstanceState(health);
    const endpoints = new HealthEndpoints(new ServiceInfo('gateway', 'gateway', '1.0.0'), health, state);
    const seen = () => {
      const { status, body } = endpoints.publicResponse('/health');
      return [status, JSON.parse(body)];
    };
    const postgres = new SwitchedProbe('postgres', true);
    const redis = new SwitchedProbe('redis', false);
    health.register(postgres);
    health.register(redis);
    await health.check();
    expect(seen()).toEqual([503, { status: 'fail', output: 'The service is starting.' }]);
    expect(JSON.parse(endpoints.publicResponse('/livez').body)).toEqual({ status: 'pass' });
    state.enter('started');
    expect(seen()).toEqual([200, { status: 'pass' }]);
    redis.up = false;
    await health.check();
    expect(seen()).toEqual([
      200,
      { status: 'warn', output: 'Requests are served, but a part of the system is degraded.' },
    ]);
    postgres.up = false;
    await health.check();
    const missing = { status: 'fail', output: 'Something that the service needs is unavailable.' };
    expect(seen()).toEqual([503, missing]);
    expect(JSON.parse(endpoints.publicResponse('/readyz').body)).toEqual(missing);
    state.enter('draining');
    expect(seen()).toEqual([503, { status: 'fail', output: 'The service is shutting down.' }]);
  });
});
