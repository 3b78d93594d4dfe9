import type { OutputOf, ParsedInputOf, RequestContract } from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { applyHandler } from './handler-metadata.ts';

type RequestMethod<C> = (input: ParsedInputOf<C>, call: CallContext) => OutputOf<C> | Promise<OutputOf<C>>;

/**
 * Marks the method of a controller that serves a request. The method gets the validated input and the context
 * of the call, and returns the output. An AppError that it throws reaches the caller; any other error reaches
 * the caller as `PLATFORM.INTERNAL`.
 */
export function HandleRequest<C extends RequestContract>(contract: C) {
  return <M extends RequestMethod<C>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => applyHandler(contract.subject, { type: 'request', contract }, target, key, descriptor);
}
