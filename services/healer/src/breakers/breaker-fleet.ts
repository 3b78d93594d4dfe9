import type { Bus } from '@gridworks/bus';
import type { Breaker, InputOf, setBreaker } from '@gridworks/contracts';
import { InstanceRequests } from '../verification/instance-requests.ts';
import type { PulseRegistry } from '../verification/pulse-registry.ts';

/** The circuit breakers of all processes. */
export class BreakerFleet {
  readonly #instances: InstanceRequests;

  constructor(bus: Pick<Bus, 'request'>, pulses: PulseRegistry) {
    this.#instances = new InstanceRequests(bus, pulses);
  }

  /** The breakers of all instances that respond within half a second, sorted by instance and name. */
  async list(): Promise<Breaker[]> {
    const responses = await this.#instances.all('breakers', {});
    return responses
      .flatMap(({ breakers, instance, service }) =>
        breakers.map((status): Breaker => ({ object: 'breaker', service, instance, ...status })),
      )
      .sort((a, b) => a.instance.localeCompare(b.instance) || a.breaker.localeCompare(b.breaker));
  }

  /** Throws INSTANCE_NOT_FOUND, BREAKER_NOT_FOUND, and UNAVAILABLE when the instance does not respond. */
  async set({ instance, ...change }: InputOf<typeof setBreaker>): Promise<Breaker> {
    const { breaker, service } = await this.#instances.one('set-breaker', instance, change);
    return { object: 'breaker', service, instance, ...breaker };
  }
}
