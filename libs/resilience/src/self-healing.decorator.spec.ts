import { describe, expect, it } from '@jest/globals';
import { failure, rejection, testEnvironment } from '../test/healing-fixture.ts';
import { SelfHealing } from './self-healing.decorator.ts';
import { siteOf } from './with-self-healing.ts';

const { environment } = testEnvironment();

class Prices {
  left = 1;
  readonly currency: string;
  constructor(currency: string) {
    this.currency = currency;
  }

  @SelfHealing({ category: 'api', idempotent: true, environment })
  async of(amount: number): Promise<string> {
    if (this.left-- > 0) throw failure('ECONNRESET');
    return `${amount} ${this.currency}`;
  }

  @SelfHealing({ source: 'prices.set', category: 'api', environment })
  async set(_amount: number): Promise<void> {
    throw failure('ECONNRESET');
  }
}

describe('SelfHealing', () => {
  it('heals a method on its own instance', async () => {
    expect(await Promise.all([new Prices('EUR').of(3), new Prices('USD').of(4)])).toEqual(['3 EUR', '4 USD']);
  });

  it('names the call site after class and method by default', () => {
    expect(siteOf(Prices.prototype.of)?.source).toBe('Prices.of');
    expect(siteOf(Prices.prototype.set)?.source).toBe('prices.set');
  });

  it('does not repeat a method that was not declared idempotent', async () => {
    expect(await rejection(new Prices('EUR').set(1))).toMatchObject({ code: 'ECONNRESET' });
  });

  it('is refused on a method that has it already, and on anything that is no method', () => {
    const twice = () => SelfHealing({ category: 'api' })(Prices.prototype, 'of', describeOf('of'));
    expect(twice).toThrow(expect.objectContaining({ code: 'RESILIENCE.WRAPPED_TWICE' }));
    expect(() => SelfHealing({ category: 'api' })(Prices.prototype, 'left', { value: 1 as never })).toThrow(
      /Prices\.left is not a method/,
    );
  });

  it('keeps the metadata of other decorators on the method', () => {
    const metadata = new Map<object, Map<unknown, unknown>>();
    const known = Reflect as unknown as Record<string, unknown>;
    const saved = { ...known };
    Object.assign(known, {
      getOwnMetadataKeys: (target: object) => [...(metadata.get(target)?.keys() ?? [])],
      getOwnMetadata: (key: unknown, target: object) => metadata.get(target)?.get(key),
      defineMetadata: (key: unknown, value: unknown, target: object) =>
        metadata.set(target, (metadata.get(target) ?? new Map()).set(key, value)),
    });
    try {
      const method = async () => 1;
      metadata.set(method, new Map([['path', '/prices']]));
      const { value } = SelfHealing({ category: 'api', environment })({ constructor: Prices }, 'get', {
        value: method,
      });
      expect(metadata.get(value as object)?.get('path')).toBe('/prices');
    } finally {
      for (const key of ['getOwnMetadataKeys', 'getOwnMetadata', 'defineMetadata'])
        if (key in saved) known[key] = saved[key];
        else delete known[key];
    }
  });
});

const describeOf = (method: 'of') =>
  Object.getOwnPropertyDescriptor(Prices.prototype, method) as TypedPropertyDescriptor<() => Promise<never>>;
