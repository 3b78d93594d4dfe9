import type { Bus } from '@gridworks/bus';
import {
  AppError,
  INSTANCE_NOT_FOUND,
  type InputOf,
  type InstanceVerb,
  instanceRequest,
  type OutputOf,
  type Pulse,
  type ServiceName,
} from '@gridworks/contracts';
import type { PulseRegistry } from './pulse-registry.ts';

/** An instance that has not responded by then is left out. */
const RESPOND_WITHIN_MS = 500;

type Request<V extends InstanceVerb> = ReturnType<typeof instanceRequest<V>>;
type Responded<V extends InstanceVerb> = OutputOf<Request<V>> &
  Readonly<{ service: ServiceName; instance: string }>;

/** Control requests to the instances whose pulses arrive: only a process knows its breakers and its pool. */
export class InstanceRequests {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly pulses: PulseRegistry,
  ) {}

  /** The responses of all instances that respond within half a second, of those that `has` selects. */
  async all<V extends InstanceVerb>(
    verb: V,
    input: InputOf<Request<V>>,
    has: (pulse: Pulse) => boolean = () => true,
  ): Promise<Responded<V>[]> {
    const selected = this.pulses.all().filter(({ pulse }) => has(pulse));
    const responses = await Promise.allSettled(
      selected.map(({ pulse }) => this.#send(verb, pulse, input, RESPOND_WITHIN_MS)),
    );
    return responses.flatMap((response) => (response.status === 'fulfilled' ? [response.value] : []));
  }

  /** Throws INSTANCE_NOT_FOUND, the errors of the request, and UNAVAILABLE when the instance does not respond. */
  async one<V extends InstanceVerb>(
    verb: V,
    instance: string,
    input: InputOf<Request<V>>,
  ): Promise<Responded<V>> {
    const received = this.pulses.of(instance);
    if (!received) throw new AppError(INSTANCE_NOT_FOUND, { detail: `No pulse of ${instance} was received` });
    return this.#send(verb, received.pulse, input, RESPOND_WITHIN_MS * 2);
  }

  async #send<V extends InstanceVerb>(
    verb: V,
    { instance, service }: Pick<Pulse, 'instance' | 'service'>,
    input: InputOf<Request<V>>,
    deadlineMs: number,
  ): Promise<Responded<V>> {
    const response = await this.bus.request(instanceRequest(service, verb, instance), input, { deadlineMs });
    return { ...(response as object), instance, service } as Responded<V>;
  }
}
