import { consumerOf, type EventContract, type PayloadOf } from '@gridworks/contracts';
import type { ConsumeOptions } from '../events/delivery-policy.ts';
import type { BusEvent } from '../wire/cloud-event.ts';
import { applyHandler } from './handler-metadata.ts';

type EventMethod<C> = (payload: PayloadOf<C>, event: BusEvent<PayloadOf<C>>) => void | Promise<void>;

/** `consumer`: which one, where the contract names several. */
type HandleOptions = ConsumeOptions & { readonly consumer?: string };

/**
 * Marks the method of a controller that consumes an event, as the durable consumer that the contract names.
 * The method may get the same event more than once; see `Bus.consume` for the effect of its errors.
 */
export function HandleEvent<C extends EventContract>(
  contract: C,
  { consumer: named, ...options }: HandleOptions = {},
) {
  const consumer = consumerOf(contract, named);
  return <M extends EventMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => applyHandler(consumer, { type: 'event', contract, consumer, options }, target, key, descriptor);
}

/** As `HandleEvent`, for several events of one shape, each of which has a consumer of its own. */
export function HandleEvents<C extends EventContract>(contracts: readonly C[], options?: ConsumeOptions) {
  return <M extends EventMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const { value: handle } = descriptor;
    if (!handle) throw new TypeError(`${String(key)} is not a method`);
    // Nest stores the metadata of a handler on its function, so each event needs a function of its own.
    for (const contract of contracts) {
      const name = `${String(key)} ${consumerOf(contract)}`;
      const value = function (this: object, ...given: Parameters<M>): void | Promise<void> {
        return handle.apply(this, given);
      };
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
      HandleEvent(contract, options)(target, name, { value: value as M });
    }
  };
}
