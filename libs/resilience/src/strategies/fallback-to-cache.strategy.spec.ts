import { describe, expect, it } from '@jest/globals';
import { failure, rejection, testEnvironment } from '../../test/healing-fixture.ts';
import type { HealingOptions } from '../healing/healing-options.ts';
import { withSelfHealing } from '../with-self-healing.ts';

/** A price list that the test can make unavailable. */
function priceList(options: Partial<HealingOptions<(tenant: string) => Promise<string>>> = {}) {
  const { environment, records } = testEnvironment();
  const state = { away: false, version: 1 };
  const read = withSelfHealing(
    async (tenant: string) => {
      if (state.away) throw failure('ETIMEDOUT');
      return `${tenant} v${state.version++}`;
    },
    {
      source: 'spec.prices',
      category: 'api',
      environment,
      retry: false,
      cache: { key: (tenant) => tenant, maxEntries: 2 },
      ...options,
    },
  );
  return { read, state, records };
}

describe('FALLBACK_TO_CACHE', () => {
  it('returns the last good value while there is no fresh one, and only then', async () => {
    const { read, state, records } = priceList();
    expect([await read('a'), await read('a')]).toEqual(['a v1', 'a v2']);
    state.away = true;
    expect(await read('a')).toBe('a v2');
    expect(records[0]!.healedBy).toBe('FALLBACK_TO_CACHE');
    state.away = false;
    expect(await read('a')).toBe('a v3');
  });

  it('never returns the value of another key', async () => {
    const { read, state } = priceList();
    await read('a');
    state.away = true;
    expect(await rejection(read('b'))).toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('never returns a stale value for money', async () => {
    const { read, state, records } = priceList({ money: true });
    await read('a');
    state.away = true;
    expect(await rejection(read('a'))).toMatchObject({ code: 'ETIMEDOUT' });
    expect(records[0]!.steps).toContainEqual(
      expect.objectContaining({
        strategy: 'FALLBACK_TO_CACHE',
        outcome: 'skipped',
        why: 'it concerns money',
      }),
    );
  });

  it('never replaces an error that the caller caused', async () => {
    const { environment } = testEnvironment();
    let bad = false;
    const read = withSelfHealing(
      async () => {
        if (bad) throw failure('INVALID');
        return 1;
      },
      { source: 'spec.own', category: 'api', environment, cache: { key: () => 'k' } },
    );
    await read();
    bad = true;
    expect(await rejection(read())).toMatchObject({ code: 'INVALID' });
  });
});
