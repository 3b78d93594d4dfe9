import type { Check } from '@gridworks/sdk';
import { describe, expect, it } from '@jest/globals';
import { formatInterval, formatResponse, inOrder, reasonOf } from './words.ts';

const check = (state: Check['state'], more: Partial<Check> = {}): Check =>
  ({ name: state, state, runs: [], silenced_by: [], last_run: null, ...more }) as unknown as Check;
const run = (passed: boolean, detail: string | null = null) => ({
  ...{ at: '2026-01-05T10:00:00Z', passed, response_time_ms: 3, detail, step: null, attempts: 1 },
});

describe('the words of checks', () => {
  it('show first what needs a person, and last what is not configured', () => {
    const states = ['not_configured', 'passing', 'muted', 'failing', 'degraded', 'silenced'] as const;
    expect(inOrder(states.map((state) => check(state))).map(({ name }) => name)).toEqual([
      ...['failing', 'degraded', 'silenced', 'muted', 'passing', 'not_configured'],
    ]);
  });

  it('say durations as people do', () => {
    expect([0.42, 12.34, 180.6, 1250].map(formatResponse)).toEqual(['0.4 ms', '12.3 ms', '181 ms', '1.25 s']);
    expect([500, 5000, 60_000, 150_000].map(formatInterval)).toEqual([
      ...['every 0.5 s', 'every 5 s', 'every 1 min', 'every 2.5 min'],
    ]);
  });

  it('say why', () => {
    expect(reasonOf(check('silenced', { silenced_by: ['postgres', 'auth'] }))).toBe(
      'because of postgres, auth',
    );
    expect(reasonOf(check('silenced', { silenced_by: ['monitor'] }))).toBe(
      'monitor itself seems to be offline',
    );
    expect(reasonOf(check('failing', { last_run: run(false, 'refused') }))).toBe('refused');
    expect(reasonOf(check('degraded', { last_run: run(true), runs: [run(true)] }))).toBe(
      'slower than its threshold',
    );
    expect(reasonOf(check('degraded', { last_run: run(true), runs: [run(false), run(true)] }))).toBe(
      '1 of the last 2 runs failed',
    );
    expect(reasonOf(check('passing', { last_run: run(true) }))).toBe('');
  });
});
