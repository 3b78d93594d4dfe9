import { describe, expect, it } from '@jest/globals';
import type { InstanceProbe, TrackedInstance } from '../pulses/tracked-instance.ts';
import { diskCheck } from './disk.check.ts';
import { serviceCheck } from './processes/service.check.ts';

const instance = (name: string, more: object = {}): TrackedInstance =>
  ({ pulse: { instance: name }, leaving: false, ...more }) as unknown as TrackedInstance;

describe('serviceCheck', () => {
  const probes: Record<string, InstanceProbe> = {
    good: { http: 'pass', bus: 'pass', detail: 'fine' },
    hung: { http: 'timeout', bus: 'timeout', detail: 'http: silent' },
  };
  const check = (...instances: TrackedInstance[]) =>
    serviceCheck('billing', {
      instances: () => instances,
      probe: async ({ instance: name }) => probes[name]!,
    }).attempt(500);

  it('passes while one instance responds, and names those that do not', async () => {
    expect(await check(instance('good'))).toMatchObject({ passed: true, detail: null });
    expect(await check(instance('good'), instance('hung'))).toMatchObject({
      passed: true,
      detail: 'hung: http: silent',
    });
    expect(await check(instance('hung'))).toMatchObject({ passed: false, responseMs: null });
  });

  it('fails without an instance; one that is about to end does not count', async () => {
    expect(await check(instance('hung', { leaving: true }))).toMatchObject({
      passed: false,
      detail: 'no instance is known',
    });
  });
});

describe('diskCheck', () => {
  const check = (...free: (number | null)[]) =>
    diskCheck(() => free.map((share, n) => instance(`n-${n}`, { share })), {
      filling: 0.05,
      low: 0.15,
      freeShare: (known) => (known as unknown as { share: number | null }).share,
    }).attempt(500);

  it('takes the disk with the least room', async () => {
    expect(await check(0.5, 0.9)).toMatchObject({ passed: true, detail: null });
    expect(await check(0.5, 0.149)).toMatchObject({
      passed: true,
      detail: '14 % of the disk of n-1 is free',
    });
    expect(await check(0.049, null)).toMatchObject({ passed: false });
    expect(await check(null)).toMatchObject({ passed: false, detail: 'no instance reports its disk' });
  });
});
