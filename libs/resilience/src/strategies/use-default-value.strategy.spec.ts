import { describe, expect, it } from '@jest/globals';
import { failure, rejection, wrapFailing } from '../../test/healing-fixture.ts';

describe('USE_DEFAULT_VALUE', () => {
  it('returns the declared value, or one made for the arguments', async () => {
    const constant = wrapFailing([failure('ETIMEDOUT')], { defaultValue: 0 });
    expect(await constant.wrapped()).toBe(0);
    const made = wrapFailing([failure('ETIMEDOUT')], { defaultValue: (...args: unknown[]) => [args[0]] });
    expect(await made.wrapped('a')).toEqual(['a']);
  });

  it('accepts undefined as a value', async () => {
    expect(await wrapFailing([failure('ETIMEDOUT')], { defaultValue: undefined }).wrapped()).toBeUndefined();
  });

  it('never replaces a result about money', async () => {
    const { wrapped, why } = wrapFailing([failure('ETIMEDOUT')], { defaultValue: 0, money: true });
    expect(await rejection(wrapped())).toMatchObject({ code: 'ETIMEDOUT' });
    expect(why('USE_DEFAULT_VALUE')).toBe('it concerns money');
  });

  it('never hides an unknown error, a bug or bad input', async () => {
    for (const error of [new TypeError('x is not a function'), failure('INVALID'), 'a string', null]) {
      const { wrapped, records } = wrapFailing([error], { defaultValue: 0 });
      expect(await rejection(wrapped())).toBe(error);
      expect(records[0]!.steps).toEqual([]);
    }
  });
});
