import { describe, expect, it } from '@jest/globals';
import { rejection } from '../../test/healing-fixture.ts';
import { abandonAfter, pause } from './time-limits.ts';

describe('pause', () => {
  it('lasts its time, unless the signal aborts or has aborted', async () => {
    const controller = new AbortController();
    expect(await pause(1, undefined)).toBe(true);
    expect(await pause(1, controller.signal)).toBe(true);
    const long = pause(60_000, controller.signal);
    controller.abort();
    expect(await long).toBe(false);
    expect(await pause(60_000, controller.signal)).toBe(false);
  });
});

describe('abandonAfter', () => {
  it('passes on work that ends in time, and gives up other work', async () => {
    expect(await abandonAfter(Promise.resolve(7), 1_000, 's')).toBe(7);
    const error = new Error('its own');
    expect(await rejection(abandonAfter(Promise.reject(error), 1_000, 's'))).toBe(error);
    const never = new Promise<never>(() => undefined);
    expect(await rejection(abandonAfter(never, 1, 's'))).toMatchObject({
      code: 'RESILIENCE.DEADLINE_EXCEEDED',
    });
  });
});
