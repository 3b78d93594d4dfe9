import type { Bus } from '@gridworks/bus';
import {
  AppError,
  INSTANCE_NOT_FOUND,
  type InputOf,
  type InstancePool,
  instanceRequest,
  type ServiceName,
  type setPool,
} from '@gridworks/contracts';
import type { PulseRegistry } from '../verification/pulse-registry.ts';

/** An instance that has not responded by then is left out. */
const RESPOND_WITHIN_MS = 500;

/** The pools of connections of all processes. Each process is requested, since only the process knows its own. */
export class PoolFleet {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly pulses: PulseRegistry,
  ) {}

  /** The pools of all instances that have one and respond within half a second, by instance. */
  async list(): Promise<InstancePool[]> {
    const responses = await Promise.allSettled(
      this.pulses
        .all()
        .filter(({ pulse }) => pulse.dependencies.some(({ pool }) => pool !== undefined))
        .map(({ pulse: { instance, service } }) => this.#read(service, instance)),
    );
    return responses
      .flatMap((response) => (response.status === 'fulfilled' ? [response.value] : []))
      .sort((a, b) => a.instance.localeCompare(b.instance));
  }

  /** Throws INSTANCE_NOT_FOUND, NO_POOL, and UNAVAILABLE when the instance does not respond. */
  async set({ instance, mode, size }: InputOf<typeof setPool>): Promise<InstancePool> {
    const received = this.pulses.of(instance);
    if (!received) throw new AppError(INSTANCE_NOT_FOUND, { detail: `No pulse of ${instance} was received` });
    const { service } = received.pulse;
    const { pool } = await this.bus.request(
      instanceRequest(service, 'set-pool', instance),
      { mode, size },
      { deadlineMs: RESPOND_WITHIN_MS * 2 },
    );
    return { object: 'pool', service, instance, ...pool };
  }

  async #read(service: ServiceName, instance: string): Promise<InstancePool> {
    const request = instanceRequest(service, 'pool', instance);
    const { pool } = await this.bus.request(request, {}, { deadlineMs: RESPOND_WITHIN_MS });
    return { object: 'pool', service, instance, ...pool };
  }
}
