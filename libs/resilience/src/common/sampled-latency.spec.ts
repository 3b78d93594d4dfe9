import { describe, expect, it } from '@jest/globals';
import { SampledLatency } from './sampled-latency.ts';

describe('SampledLatency', () => {
  it('returns the bound below which a share of the samples lies', () => {
    const latency = new SampledLatency();
    expect(latency.quantile(0.5)).toBeNull();
    for (let i = 0; i < 98; i++) latency.record(0.3);
    latency.record(40);
    latency.record(60_000);
    expect([latency.quantile(0.5), latency.quantile(0.99), latency.quantile(1)]).toEqual([
      0.5,
      50,
      Number.POSITIVE_INFINITY,
    ]);
    expect(latency.samples).toBe(100);
  });
});
