import type { EventContract, RequestContract } from '@gridworks/contracts';
import { type ExceptionFilter, UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import { type Observable, throwError } from 'rxjs';
import type { ConsumeOptions } from '../events/delivery-policy.ts';

/**
 * The contract that a decorated method handles; `BusServer` finds this metadata on the handler that Nest made
 * of the method.
 */
export type HandlerMetadata =
  | { readonly type: 'request'; readonly contract: RequestContract }
  | {
      readonly type: 'event';
      readonly contract: EventContract;
      readonly consumer: string;
      readonly options: ConsumeOptions | undefined;
    };

/**
 * Nest would turn every error except its own into "Internal server error". The bus maps our errors, in one
 * place.
 */
const passOn: ExceptionFilter = {
  catch: (error: unknown): Observable<never> => throwError(() => error),
};

export function applyHandler(
  pattern: string,
  metadata: HandlerMetadata,
  target: object,
  key: string | symbol,
  descriptor: PropertyDescriptor,
): void {
  MessagePattern(pattern, { ...metadata })(target, key, descriptor);
  UseFilters(passOn)(target, key, descriptor);
  // No parameter is described, so Nest passes both arguments on unchanged and runs no pipes.
  Reflect.defineMetadata(PARAM_ARGS_METADATA, {}, target.constructor, key);
}
