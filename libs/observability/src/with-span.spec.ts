import { describe, expect, it } from '@jest/globals';
import { currentContext, runInContext } from './call-context.ts';
import { traceIdOf } from './traceparent.ts';
import { withSpan } from './with-span.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const call = {
  requestId: 'req_1',
  traceparent: undefined,
  deadlineAt: 5,
  principal: undefined,
};

describe('withSpan, with nothing exported', () => {
  it('begins a trace where there is none, and one that continues inside', async () => {
    await withSpan('outer', {}, async () => {
      const outer = traceIdOf(currentContext()?.traceparent);
      expect(outer).toMatch(/^[0-9a-f]{32}$/);
      await withSpan('inner', {}, async () => {
        expect(traceIdOf(currentContext()?.traceparent)).toBe(outer);
      });
    });
    expect(currentContext()).toBeUndefined();
  });

  it('keeps the rest of the call as it was', () => {
    runInContext(call, () =>
      withSpan('work', {}, () => {
        expect(currentContext()).toEqual({ ...call, traceparent: expect.stringMatching(/^00-/) });
      }),
    );
  });

  it('continues the given trace, and starts a new one for an invalid value', () => {
    withSpan('event', {}, () => expect(currentContext()?.traceparent).toBe(TRACEPARENT), {
      traceparent: TRACEPARENT,
    });
    withSpan('event', {}, () => expect(currentContext()?.traceparent).toMatch(/^00-[0-9a-f]{32}-/), {
      traceparent: 'junk',
    });
  });

  it('returns and throws the same as the function, and stays synchronous', async () => {
    expect(withSpan('a', {}, () => 5)).toBe(5);
    await expect(withSpan('a', {}, async () => 5)).resolves.toBe(5);
    expect(() =>
      withSpan('a', {}, () => {
        throw new RangeError('x');
      }),
    ).toThrow(RangeError);
  });
});
