import type { AsyncFunction, HealingOptions } from './healing/healing-options.ts';
import { withSelfHealing } from './with-self-healing.ts';

/** Nest and similar frameworks store the metadata of decorators on the function itself. */
interface ReflectWithMetadata {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/**
 * `withSelfHealing` for a method of a class. `source` is `Class.method` unless given. Other decorators of the
 * method may come before or after. All instances share one call site.
 */
export function SelfHealing<F extends AsyncFunction = AsyncFunction>(
  options: Omit<HealingOptions<F>, 'source'> & { readonly source?: string },
) {
  return <M extends F>(
    target: object,
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): TypedPropertyDescriptor<M> => {
    const original = descriptor.value;
    const owner = typeof target === 'function' ? target.name : target.constructor.name;
    const source = options.source ?? `${owner}.${String(method)}`;
    if (typeof original !== 'function') throw new TypeError(`${source} is not a method`);
    const wrapped = withSelfHealing(original, { ...options, source } as unknown as HealingOptions<M>);
    copyMetadata(original, wrapped);
    return { ...descriptor, value: wrapped };
  };
}

function copyMetadata(from: object, to: object): void {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as ReflectWithMetadata;
  if (!getOwnMetadataKeys || !getOwnMetadata || !defineMetadata) return;
  for (const key of getOwnMetadataKeys(from)) defineMetadata(key, getOwnMetadata(key, from), to);
}
