import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from './metrics.ts';
import { durationFigures, RequestMeter } from './request-meter.ts';

function meterUnderTest(contract = 'billing.plan.list') {
  const registry = new MetricsRegistry();
  const seconds = registry.histogram('request_seconds', 'Time', ['contract']);
  const failed = registry.counter('request_errors_total', 'Errors', ['contract']);
  return { registry, meter: new RequestMeter(contract, seconds.labels(contract), failed.labels(contract)) };
}

describe('RequestMeter', () => {
  it('says nothing before the first request', () => {
    expect(meterUnderTest().meter.read()).toBeNull();
  });

  it('counts since the start, and times since the reading before', () => {
    const { registry, meter } = meterUnderTest();
    for (let n = 0; n < 98; n++) meter.ended(0.3);
    meter.failed();
    meter.ended(2000);
    meter.ended(2000);
    const first = meter.read()!;
    expect(first).toMatchObject({ contract: 'billing.plan.list', requests: 100, errors: 1 });
    expect(first.durations?.p50_ms).toBeLessThanOrEqual(0.5);
    expect(first.durations?.p95_ms).toBeLessThanOrEqual(0.5);
    expect(first.durations?.p99_ms).toBeGreaterThan(1000);

    expect(meter.read()).toEqual({
      contract: 'billing.plan.list',
      requests: 100,
      errors: 1,
      durations: null,
    });
    meter.ended(40);
    const third = meter.read()!;
    expect(third).toMatchObject({ requests: 101, errors: 1 });
    expect(third.durations?.p50_ms).toBeGreaterThan(25);
    expect(third.durations?.p99_ms).toBeLessThanOrEqual(50);
    expect(registry.render()).toContain('request_errors_total{contract="billing.plan.list"} 1');
    expect(registry.render()).toContain('request_seconds_count{contract="billing.plan.list"} 101');
  });

  it('adds its window to those of others', () => {
    const all = RequestMeter.buckets();
    const [one, two] = [meterUnderTest('a').meter, meterUnderTest('b').meter];
    for (let n = 0; n < 90; n++) one.ended(0.1);
    for (let n = 0; n < 10; n++) two.ended(400);
    one.read(all);
    two.read(all);
    expect(durationFigures(all)?.p50_ms).toBeLessThanOrEqual(0.5);
    expect(durationFigures(all)?.p95_ms).toBeGreaterThan(250);
    expect(durationFigures(RequestMeter.buckets())).toBeNull();
  });
});
