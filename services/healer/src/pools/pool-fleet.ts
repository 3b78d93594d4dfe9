import type { Bus } from '@gridworks/bus';
import type { InputOf, InstancePool, setPool } from '@gridworks/contracts';
import { InstanceRequests } from '../verification/instance-requests.ts';
import type { PulseRegistry } from '../verification/pulse-registry.ts';

/** The pools of connections of all processes. */
export class PoolFleet {
  readonly #instances: InstanceRequests;

  constructor(bus: Pick<Bus, 'request'>, pulses: PulseRegistry) {
    this.#instances = new InstanceRequests(bus, pulses);
  }

  /** The pools of all instances that have one and respond within half a second, by instance. */
  async list(): Promise<InstancePool[]> {
    const responses = await this.#instances.all('pool', {}, ({ dependencies }) =>
      dependencies.some(({ pool }) => pool !== undefined),
    );
    return responses
      .map(({ instance, pool, service }): InstancePool => ({ object: 'pool', service, instance, ...pool }))
      .sort((a, b) => a.instance.localeCompare(b.instance));
  }

  /** Throws INSTANCE_NOT_FOUND, NO_POOL, and UNAVAILABLE when the instance does not respond. */
  async set({ instance, mode, size }: InputOf<typeof setPool>): Promise<InstancePool> {
    const { pool, service } = await this.#instances.one('set-pool', instance, { mode, size });
    return { object: 'pool', service, instance, ...pool };
  }
}
