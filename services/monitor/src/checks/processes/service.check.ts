import type { Pulse, ServiceName } from '@gridworks/contracts';
import type { InstanceProbe, TrackedInstance } from '../../pulses/tracked-instance.ts';
import type { CheckOutcome, RunnableCheck } from '../check-outcome.ts';

interface Sources {
  readonly instances: () => readonly TrackedInstance[];
  readonly probe: (pulse: Pulse, timeoutMs: number) => Promise<InstanceProbe>;
}

/**
 * Probes every instance of a service in both ways. Passes when one of them responds, since the service then
 * works; names those that do not.
 */
export function serviceCheck(service: ServiceName, { instances, probe }: Sources): RunnableCheck {
  return {
    name: service,
    configured: true,
    async attempt(timeoutMs): Promise<CheckOutcome> {
      const running = instances().filter(({ leaving }) => !leaving);
      const probed = await Promise.all(
        running.map(async ({ pulse }) => {
          const started = performance.now();
          const { http, bus, detail } = await probe(pulse, timeoutMs);
          const passed = http === 'pass' && bus === 'pass';
          return { passed, ms: performance.now() - started, detail: `${pulse.instance}: ${detail}` };
        }),
      );
      const silent = probed.filter(({ passed }) => !passed).map(({ detail }) => detail);
      const passed = probed.length > silent.length;
      return {
        passed,
        responseMs: passed ? Math.max(...probed.filter((one) => one.passed).map(({ ms }) => ms)) : null,
        detail: probed.length === 0 ? 'no instance is known' : silent.join('; ') || null,
      };
    },
  };
}
