import { describe, expect, it } from '@jest/globals';
import { isTraceparent, newTraceparent, traceIdOf } from './traceparent.ts';

const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('traceparent', () => {
  it('makes a new trace each time, sampled', () => {
    const made = Array.from({ length: 2000 }, newTraceparent);
    expect(new Set(made.map(traceIdOf)).size).toBe(2000);
    for (const one of made) expect(one).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('reads the trace id', () => {
    expect(traceIdOf(EXAMPLE)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(traceIdOf(undefined)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['a forbidden version', 'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['a trace of zeros', '00-00000000000000000000000000000000-00f067aa0ba902b7-01'],
    ['a span of zeros', '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01'],
    ['upper case', EXAMPLE.toUpperCase()],
    ['a header injection', `${EXAMPLE}\r\nX: y`],
    ['something endless', `${EXAMPLE}-${'a'.repeat(1000)}`],
  ])('does not continue %s', (_what, text) => {
    expect(isTraceparent(text)).toBe(false);
    expect(traceIdOf(text)).toBeNull();
  });

  it('continues a later version, as the W3C requires', () => {
    expect(traceIdOf(`01${EXAMPLE.slice(2)}-more`)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });
});
