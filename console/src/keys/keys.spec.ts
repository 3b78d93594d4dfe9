import { createApiKey, KEY_OVERLAPS_S } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { createKeySchema } from './key-schemas.ts';
import { keyState, OVERLAPS } from './key-state.ts';

describe('the forms', () => {
  it.each(['First', 'x'.repeat(120), '', '   ', 'x'.repeat(121)])(
    'accept the name %j exactly when the contract does',
    (name) => {
      const fits = createKeySchema.safeParse({ name, mode: 'test' }).success;
      expect(fits).toBe(createApiKey.input.safeParse({ name, mode: 'test' }).success);
    },
  );
  it('offer the overlaps of the contract', () => {
    expect(OVERLAPS.map(({ seconds }) => seconds)).toEqual([...KEY_OVERLAPS_S]);
  });
});

describe('a key', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  it.each([
    [{ expires_at: null, revoked_at: null }, 'active'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: null }, 'ending'],
    [{ expires_at: '2026-11-28T11:00:00Z', revoked_at: null }, 'expired'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: null, purpose: 'explorer' }, 'active'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: '2026-11-28T11:00:00Z' }, 'revoked'],
  ] as const)('of %j is %s', (times, state) => expect(keyState(times, now)).toBe(state));
});
