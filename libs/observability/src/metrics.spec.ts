import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from './metrics.ts';

describe('MetricsRegistry', () => {
  it('renders counters, gauges and histograms in Prometheus’ text format', () => {
    const registry = new MetricsRegistry();
    const requests = registry.counter('requests_total', 'Requests', ['route', 'status']);
    const plans = requests.labels('GET /v1/plans', '200');
    plans.inc();
    plans.inc(2);
    requests.labels('say "hi"\n', '500').inc();
    registry.gauge('in_flight', 'Now').set(3);
    registry.gauge('read_now', 'Asked for', [], () => 7);
    const seconds = registry.histogram('request_seconds', 'Time', [], [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 20]) seconds.observe(value);
    expect(registry.render()).toBe(
      [
        '# HELP requests_total Requests',
        '# TYPE requests_total counter',
        'requests_total{route="GET /v1/plans",status="200"} 3',
        'requests_total{route="say \\"hi\\"\\n",status="500"} 1',
        '# HELP in_flight Now',
        '# TYPE in_flight gauge',
        'in_flight 3',
        '# HELP read_now Asked for',
        '# TYPE read_now gauge',
        'read_now 7',
        '# HELP request_seconds Time',
        '# TYPE request_seconds histogram',
        'request_seconds_bucket{le="0.1"} 2',
        'request_seconds_bucket{le="1"} 3',
        'request_seconds_bucket{le="+Inf"} 4',
        'request_seconds_sum 20.65',
        'request_seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  it('returns the same metric for the same name, and refuses another form of it', () => {
    const registry = new MetricsRegistry();
    const one = registry.counter('a_total', 'A', ['x']);
    expect(registry.counter('a_total', 'A', ['x'])).toBe(one);
    expect(() => registry.gauge('a_total', 'A')).toThrow('exists as counter');
    expect(() => registry.counter('a_total', 'A', ['y'])).toThrow('[x]');
    expect(() => registry.counter('a-b', 'A')).toThrow('not a metric name');
  });

  it('does not let a counter decrease', () => {
    const counter = new MetricsRegistry().counter('a_total', 'A');
    expect(() => counter.inc(-1)).toThrow('only grows');
    expect(() => counter.set(0)).toThrow('only grows');
  });

  it('lets a counter follow what is counted elsewhere, upwards only', () => {
    const registry = new MetricsRegistry();
    let total = 3;
    registry.counter('a_total', 'A', [], () => total);
    expect(registry.render()).toContain('a_total 3');
    total = 2;
    expect(registry.render()).toContain('a_total 3');
    total = 5;
    expect(registry.render()).toContain('# TYPE a_total counter\na_total 5');
  });

  it('keeps a label with ids from using up the memory', () => {
    const registry = new MetricsRegistry();
    const counter = registry.counter('a_total', 'A', ['id']);
    for (let id = 0; id < 5000; id++) counter.labels(String(id)).inc();
    expect(registry.render().split('\n').length).toBeLessThan(1010);
    expect(counter.labels('other').value()).toBe(4000);
  });

  it('leaves out a gauge that cannot be read, and renders the others', () => {
    const registry = new MetricsRegistry();
    registry.gauge('broken', 'B', [], () => {
      throw new Error('away');
    });
    registry.counter('fine_total', 'F').inc();
    expect(registry.render()).toContain('fine_total 1');
    expect(registry.render()).not.toMatch(/^broken /m);
  });
});
