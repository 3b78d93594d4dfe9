import { createApiKey, KEY_OVERLAPS_S, MAX_KEY_NETWORKS, updateApiKey } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { KEY_SCOPES } from '../session/may-do.ts';
import { createKeySchema, editKeySchema, inputOf, KEY_LIVES, limitFields } from './key-schemas.ts';
import { keyState, OVERLAPS } from './key-state.ts';

const RULES = { scope: 'all', scopes: [], life: 'none', allowed_networks: '', burst: '', daily: '' };

describe('the forms', () => {
  it.each(['First', 'x'.repeat(120), '', '   ', 'x'.repeat(121)])(
    'accept the name %j exactly when the contract does',
    (name) => {
      const fits = createKeySchema.safeParse({ name, mode: 'test', ...RULES }).success;
      expect(fits).toBe(createApiKey.input.safeParse({ name, mode: 'test' }).success);
    },
  );
  it.each(['keep', ...KEY_LIVES])('send an end that the contract accepts: %s', (life) => {
    const values = editKeySchema.parse({
      ...{ name: 'Production', life, scope: 'some', scopes: KEY_SCOPES },
      ...{ allowed_networks: '203.0.113.0/24\n 2001:db8::1, 198.51.100.7\n', burst: '100', daily: '' },
    });
    const { name, ...rules } = values;
    const sent = inputOf(rules);
    expect(sent.allowed_networks).toEqual(['203.0.113.0/24', '2001:db8::1', '198.51.100.7']);
    const id = 'key_0UQ3kZ1aB7dEfGhIjKlMnO';
    expect(updateApiKey.input.safeParse({ id, name, ...sent }).error).toBeUndefined();
  });
  it('show and send the limits of a minute and a day, and keep the others', () => {
    const nightly = { name: 'nightly', quota: 5, window_s: 3600 };
    const before = [{ name: 'daily', quota: 9, window_s: 86_400 }, nightly];
    expect(limitFields(before)).toEqual({ burst: '', daily: '9' });
    const { name: _, ...rules } = editKeySchema.parse({ name: 'A', ...RULES, burst: '7' });
    const sent = inputOf(rules, before);
    expect(sent.limits).toEqual([{ name: 'burst', quota: 7, window_s: 60 }, nightly]);
    expect(createApiKey.input.safeParse({ limits: sent.limits }).error).toBeUndefined();
    for (const burst of ['0', '-1', '1.5', 'many', '10000000000'])
      expect(editKeySchema.safeParse({ name: 'A', ...RULES, burst }).success).toBe(false);
  });
  it('want at least one scope, and as many networks as the contract at most', () => {
    const fits = (rules: object) => editKeySchema.safeParse({ name: 'A', ...RULES, ...rules }).success;
    expect(fits({ scope: 'some' })).toBe(false);
    expect(fits({ scope: 'some', scopes: ['usage:read'] })).toBe(true);
    const networks = (count: number) => Array(count).fill('203.0.113.7').join(' ');
    expect(fits({ allowed_networks: networks(MAX_KEY_NETWORKS) })).toBe(true);
    expect(fits({ allowed_networks: networks(MAX_KEY_NETWORKS + 1) })).toBe(false);
  });
  it('offer the overlaps of the contract', () => {
    expect(OVERLAPS.map(({ seconds }) => seconds)).toEqual([...KEY_OVERLAPS_S]);
  });
});

describe('a key', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  it.each([
    [{ expires_at: null, revoked_at: null }, 'active'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: null, replaced_at: '2026-11-28T11:30:00Z' }, 'ending'],
    [{ expires_at: '2026-11-28T11:00:00Z', revoked_at: null }, 'expired'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: null, replaced_at: null }, 'active'],
    [{ expires_at: '2026-11-28T13:00:00Z', revoked_at: '2026-11-28T11:00:00Z' }, 'revoked'],
  ] as const)('of %j is %s', (times, state) => expect(keyState(times, now)).toBe(state));
});
