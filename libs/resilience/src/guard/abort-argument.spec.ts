import { describe, expect, it } from '@jest/globals';
import { placeSignal } from './abort-argument.ts';

const signalAt = (value: unknown) => value as AbortSignal;

describe('placeSignal', () => {
  it('puts a signal in its place, and does not change the caller’s arguments', () => {
    const args = ['/path', { method: 'GET' }];
    const placed = placeSignal({ argument: 1, property: 'signal' }, args);
    const init = placed.args[1] as { method: string; signal: AbortSignal };
    expect(init.method).toBe('GET');
    placed.abort(new Error('too late'));
    expect(init.signal.aborted).toBe(true);
    expect(args).toEqual(['/path', { method: 'GET' }]);
  });

  it('adds the options object where the caller gave none', () => {
    const placed = placeSignal({ argument: 1, property: 'signal' }, ['/path']);
    expect((placed.args[1] as { signal: unknown }).signal).toBeInstanceOf(AbortSignal);
  });

  it('follows the caller’s own signal until it is released', () => {
    const caller = new AbortController();
    const first = placeSignal(0, [caller.signal]);
    const second = placeSignal(0, [caller.signal]);
    second.release();
    caller.abort(new Error('gone'));
    expect(signalAt(first.args[0]).reason).toBe(caller.signal.reason);
    expect(signalAt(second.args[0]).aborted).toBe(false);
    expect(signalAt(placeSignal(0, [caller.signal]).args[0]).aborted).toBe(true);
  });
});
