import { renderMetrics } from '@gridworks/observability';
import type { DependencyHealth, HealthRegistry } from './health-registry.ts';
import type { InstanceState } from './instance-state.ts';
import type { ServiceInfo } from './process/service-info.ts';

export interface HealthResponse {
  readonly status: 200 | 503;
  readonly contentType: string;
  readonly body: string;
}

type HealthStatus = 'pass' | 'warn' | 'fail';

/** The reason why a status is not `pass`, in words that may be public. */
const REASONS: Readonly<Record<ReturnType<InstanceState['current']> | 'degraded', string>> = {
  starting: 'The service is starting.',
  ready: 'The service is ready.',
  'not-ready': 'Something that the service needs is unavailable.',
  draining: 'The service is shutting down.',
  stopped: 'The service has shut down.',
  degraded: 'Requests are served, but a part of the system is degraded.',
};

const HEALTH_JSON = 'application/health+json';

/**
 * The contents of the health endpoints, for any server. Reads only known states: no request waits for a
 * dependency.
 */
export class HealthEndpoints {
  readonly #info: ServiceInfo;
  readonly #health: HealthRegistry;
  readonly #state: InstanceState;

  constructor(info: ServiceInfo, health: HealthRegistry, state: InstanceState) {
    this.#info = info;
    this.#health = health;
    this.#state = state;
  }

  /** The response for `/livez`, `/readyz`, `/startupz`, `/health` or `/metrics`; null for any other path. */
  serve(path: string): HealthResponse | null {
    const state = this.#state.current();
    switch (path) {
      case '/livez': // the event loop runs, otherwise there would be no response
        return this.#probe(true, state);
      case '/readyz':
        return this.#probe(state === 'ready', state);
      case '/startupz':
        return this.#probe(state !== 'starting', state);
      case '/health':
        return this.#report();
      case '/metrics':
        return {
          status: 200,
          contentType: 'text/plain; version=0.0.4; charset=utf-8',
          body: renderMetrics(),
        };
      default:
        return null;
    }
  }

  /**
   * The same without details, for the public: `{"status":"pass"}`, or `warn` or `fail` with the reason as
   * `output`, one sentence that names no part of the system.
   */
  publicResponse(path: '/livez' | '/readyz' | '/startupz' | '/health'): HealthResponse {
    const state = this.#state.current();
    if (path === '/health') return this.#brief(this.#status());
    const good = path === '/livez' || (path === '/readyz' ? state === 'ready' : state !== 'starting');
    return this.#brief(good ? 'pass' : 'fail');
  }

  #brief(status: HealthStatus): HealthResponse {
    const output = status === 'fail' ? REASONS[this.#state.current()] : REASONS.degraded;
    return {
      status: status === 'fail' ? 503 : 200,
      contentType: HEALTH_JSON,
      body: JSON.stringify(status === 'pass' ? { status } : { status, output }),
    };
  }

  #status(): HealthStatus {
    if (this.#state.current() !== 'ready') return 'fail';
    const isWhole =
      this.#health.degraded().length === 0 &&
      this.#health.dependencies().every(({ status }) => status === 'up');
    return isWhole ? 'pass' : 'warn';
  }

  #probe(good: boolean, state: string): HealthResponse {
    const body: Record<string, unknown> = { status: good ? 'pass' : 'fail', state };
    if (!good && state === 'not-ready') body.output = `away: ${this.#health.missing().join(', ')}`;
    return { status: good ? 200 : 503, contentType: HEALTH_JSON, body: JSON.stringify(body) };
  }

  #report(): HealthResponse {
    const state = this.#state.current();
    const degraded = this.#health.degraded();
    const dependencies = this.#health.dependencies();
    const status = this.#status();
    return {
      status: status === 'fail' ? 503 : 200,
      contentType: HEALTH_JSON,
      body: JSON.stringify({
        status,
        state,
        version: this.#info.version,
        service_id: this.#info.instance,
        description: `health of ${this.#info.service}`,
        degraded,
        checks: Object.fromEntries(dependencies.map((one) => [`${one.name}:connection`, [check(one)]])),
      }),
    };
  }
}

function check(one: DependencyHealth): Record<string, unknown> {
  const failing = one.critical ? 'fail' : 'warn';
  return {
    component_type: 'datastore',
    status: one.status === 'up' ? 'pass' : failing,
    observed_value: one.latencyMs,
    observed_unit: 'ms',
    time: one.checkedAt?.toISOString() ?? null,
    ...(one.status === 'up' ? {} : { output: one.detail ?? 'not checked yet' }),
  };
}
