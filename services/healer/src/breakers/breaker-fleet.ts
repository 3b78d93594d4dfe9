import type { Bus } from '@gridworks/bus';
import {
  AppError,
  type Breaker,
  INSTANCE_NOT_FOUND,
  type InputOf,
  instanceRequest,
  type ServiceName,
  type setBreaker,
} from '@gridworks/contracts';
import type { PulseRegistry } from '../verification/pulse-registry.ts';

/** An instance that has not responded by then is left out. */
const RESPOND_WITHIN_MS = 500;

/**
 * The circuit breakers of all processes. Each process is requested, since only the process knows its
 * breakers.
 */
export class BreakerFleet {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly pulses: PulseRegistry,
  ) {}

  /** The breakers of all instances that respond within half a second, sorted by instance and name. */
  async list(): Promise<Breaker[]> {
    const responses = await Promise.allSettled(
      this.pulses
        .all()
        .map(({ pulse: { service, instance } }) => this.#read(service as ServiceName, instance)),
    );
    return responses
      .flatMap((response) => (response.status === 'fulfilled' ? response.value : []))
      .sort((a, b) => a.instance.localeCompare(b.instance) || a.breaker.localeCompare(b.breaker));
  }

  /** Throws INSTANCE_NOT_FOUND, BREAKER_NOT_FOUND, and UNAVAILABLE when the instance does not respond. */
  async set({ instance, breaker, mode, reason }: InputOf<typeof setBreaker>): Promise<Breaker> {
    const received = this.pulses.of(instance);
    if (!received) throw new AppError(INSTANCE_NOT_FOUND, { detail: `No pulse of ${instance} was received` });
    const service = received.pulse.service as ServiceName;
    const response = await this.bus.request(
      instanceRequest(service, 'set-breaker', instance),
      { breaker, mode, reason },
      { deadlineMs: RESPOND_WITHIN_MS * 2 },
    );
    return { object: 'breaker', service, instance, ...response.breaker };
  }

  async #read(service: ServiceName, instance: string): Promise<Breaker[]> {
    const { breakers } = await this.bus.request(
      instanceRequest(service, 'breakers', instance),
      {},
      { deadlineMs: RESPOND_WITHIN_MS },
    );
    return breakers.map((status) => ({ object: 'breaker', service, instance, ...status }));
  }
}
