import type { EventContract, PayloadOf } from '@gridworks/contracts';
import type { BusEvent } from './cloud-event.ts';
import type { ConsumeOptions } from './delivery-policy.ts';
import { applyHandler } from './handler-metadata.ts';

type EventMethod<C> = (payload: PayloadOf<C>, event: BusEvent<PayloadOf<C>>) => void | Promise<void>;

/**
 * Marks the method of a controller that consumes an event under a durable name of the contract,
 * `<service>_<handler>`. It may get the same event more than once; see `Bus.consume` for what its errors do.
 */
export function HandleEvent<C extends EventContract>(
  contract: C,
  consumer: string,
  options?: ConsumeOptions,
) {
  return <M extends EventMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => applyHandler(consumer, { type: 'event', contract, consumer, options }, target, key, descriptor);
}
