import { eventually } from '@gridworks/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ProcessMeter } from './process-meter.ts';

describe('ProcessMeter', () => {
  let timer: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(timer));

  it('measures the processor between two readings, and memory', async () => {
    const meter = new ProcessMeter();
    expect(meter.read().cpuShare).toBeUndefined();
    const until = performance.now() + 600;
    while (performance.now() < until);
    const { cpuShare, residentBytes, heapUsedBytes } = meter.read();
    expect(cpuShare).toBeGreaterThan(0);
    expect(heapUsedBytes).toBeGreaterThan(1e6);
    expect(residentBytes).toBeGreaterThan(heapUsedBytes);
    // A reading soon after it has no time to measure, and keeps the share.
    expect(meter.read().cpuShare).toBe(cpuShare);
  });

  it('counts open handles', async () => {
    const meter = new ProcessMeter();
    const before = meter.read().openHandles;
    timer = setInterval(() => undefined, 60_000);
    await eventually(() => expect(meter.read().openHandles).toBeGreaterThan(before));
  });
});
