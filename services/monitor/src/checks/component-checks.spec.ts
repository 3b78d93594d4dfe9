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
  const check = (...used: (number | null)[]) =>
    diskCheck(() =>
      used.map((share, n) => {
        const disk = share === null ? {} : { disk_total_bytes: 1000, disk_free_bytes: 1000 - share * 1000 };
        return {
          ...instance(`n-${n}`),
          pulse: { instance: `n-${n}`, disk_folder: `/data-${n}`, ...disk },
        } as never;
      }),
    ).attempt(500);

  it('takes the fullest disk', async () => {
    expect(await check(0.5, 0.1)).toMatchObject({ passed: true, detail: null });
    expect(await check(0.5, 0.86)).toMatchObject({
      passed: true,
      detail: '86 % of the disk of n-1 (/data-1) is used',
    });
    expect(await check(0.95, null)).toMatchObject({ passed: false });
    expect(await check(null)).toMatchObject({ passed: false, detail: 'no instance reports its disk' });
  });
});
