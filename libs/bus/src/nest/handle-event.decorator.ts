import { consumerOf, type EventContract, type PayloadOf } from '@gridworks/contracts';
import type { ConsumeOptions } from '../events/delivery-policy.ts';
import type { BusEvent } from '../wire/cloud-event.ts';
import { applyHandler } from './handler-metadata.ts';

type EventMethod<C> = (payload: PayloadOf<C>, event: BusEvent<PayloadOf<C>>) => void | Promise<void>;

/**
 * Marks the method of a controller that consumes an event, as the durable consumer that the contract names. It may
 * get the same event more than once; see `Bus.consume` for what its errors do.
 */
export function HandleEvent<C extends EventContract>(contract: C, options?: ConsumeOptions) {
  const consumer = consumerOf(contract);
  return <M extends EventMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => applyHandler(consumer, { type: 'event', contract, consumer, options }, target, key, descriptor);
}

/** As `HandleEvent`, for events of one shape that each have a consumer of their own. */
export function HandleEvents<C extends EventContract>(contracts: readonly C[], options?: ConsumeOptions) {
  return <M extends EventMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const { value: handle } = descriptor;
    if (!handle) throw new TypeError(`${String(key)} is no method`);
    // Nest keeps what it knows of a handler at its function, so each event needs one.
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
