import { describe, expect, it } from '@jest/globals';
import { newId } from '../identifiers.ts';
import { requireCaller, requireOwnerSession, requirePartner } from './authorize.ts';
import type { Principal } from './principal.ts';

const partnerId = newId('partner');
const userId = newId('user');
const owner: Principal = {
  kind: 'session',
  id: newId('session'),
  partner_id: partnerId,
  user_id: userId,
  role: 'owner',
  mode: null,
};
const key: Principal = {
  kind: 'api_key',
  id: newId('apiKey'),
  partner_id: partnerId,
  user_id: null,
  role: 'none',
  mode: 'test',
};
const admin: Principal = { ...owner, partner_id: null, role: 'admin' };
const anonymous: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  partner_id: null,
  user_id: null,
  role: 'none',
  mode: null,
};

const unauthenticated = expect.objectContaining({ code: 'PLATFORM.UNAUTHENTICATED' });
const forbidden = expect.objectContaining({ code: 'PLATFORM.FORBIDDEN' });

describe('authorisation', () => {
  it('knows nobody from somebody', () => {
    expect(requireCaller(owner)).toBe(owner);
    expect(() => requireCaller(undefined)).toThrow(unauthenticated);
    expect(() => requireCaller(anonymous)).toThrow(unauthenticated);
  });

  it('keeps what is a partner’s from callers of no partner', () => {
    expect(requirePartner(key)).toBe(partnerId);
    expect(requirePartner(owner)).toBe(partnerId);
    expect(() => requirePartner(admin)).toThrow(forbidden);
    expect(() => requirePartner(undefined)).toThrow(unauthenticated);
  });

  it('asks for an owner who is logged in', () => {
    expect(requireOwnerSession(owner)).toEqual({ partnerId, userId });
    for (const principal of [
      key,
      admin,
      { ...owner, role: 'member' as const },
      { ...key, role: 'owner' as const, user_id: userId },
    ])
      expect(() => requireOwnerSession(principal)).toThrow(forbidden);
    expect(() => requireOwnerSession(anonymous)).toThrow(unauthenticated);
  });
});
