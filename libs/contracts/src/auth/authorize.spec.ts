import { describe, expect, it } from '@jest/globals';
import { isGrantable, PERMISSIONS, type Permission, ruleOf, STEP_UP_MS } from '../contract/permissions.ts';
import { newId } from '../values/identifiers.ts';
import { actorOf, authorize, callerOf, describeHolders, mayDo, partnerOf, tenantOf } from './authorize.ts';
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
  authenticated_at: new Date().toISOString(),
};
const developer: Principal = { ...owner, role: 'developer' };
const viewer: Principal = { ...owner, role: 'viewer' };
const analyst: Principal = { ...owner, role: 'custom', permissions: ['usage:read'] };
const stranger: Principal = { ...owner, role: 'none', partner_id: null };
const admin: Principal = { ...owner, partner_id: null, role: 'platform_admin' };
const live: Principal = {
  kind: 'api_key',
  id: newId('apiKey'),
  partner_id: partnerId,
  user_id: null,
  role: 'none',
  mode: 'live',
};
const test: Principal = { ...live, mode: 'test' };
const machine: Principal = {
  ...live,
  kind: 'service_account',
  id: newId('application'),
  permissions: ['identity:read', 'tickets:read', 'api-keys:write'],
};
const delegate: Principal = { ...machine, kind: 'application', user_id: userId };
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
const permissions = Object.keys(PERMISSIONS) as Permission[];

describe('a permission', () => {
  it.each(permissions)('%s is held by the holders in the table, and by no other principal', (permission) => {
    const { roles, keyScopes } = ruleOf(permission);
    for (const principal of [owner, developer, viewer, admin, live, test]) {
      const named =
        principal.kind === 'api_key'
          ? keyScopes.includes(principal.mode!)
          : roles.includes(principal.role as 'owner');
      const call = () => authorize({ permission }, principal);
      if (named) expect(call).not.toThrow();
      else expect(call).toThrow(forbidden);
    }
    for (const nobody of [undefined, anonymous]) {
      const call = () => authorize({ permission }, nobody);
      if (ruleOf(permission).anonymous) expect(call).not.toThrow();
      else expect(call).toThrow(unauthenticated);
    }
  });

  it.each<[string, Principal]>([
    ['a service', { ...admin, kind: 'system' }],
    ['a key that claims to be an owner', { ...live, role: 'owner', user_id: userId, mode: null }],
    ['a key without a partner', { ...live, partner_id: null }],
    ['a session without a user', { ...owner, user_id: null }],
  ])('is never held by %s', (_, principal) => {
    for (const permission of permissions)
      expect(() => authorize({ permission }, principal)).toThrow(forbidden);
  });

  it('is held by a role of the partner’s own that contains it, when an admin of the partner holds it', () => {
    for (const permission of permissions) {
      const isForAll = ruleOf(permission).personal === true || ruleOf(permission).anonymous === true;
      const greedy: Principal = { ...analyst, permissions };
      expect(mayDo(permission, analyst)).toBe(isForAll || permission === 'usage:read');
      expect(mayDo(permission, greedy)).toBe(isForAll || isGrantable(permission));
    }
    expect(isGrantable('ownership:write')).toBe(false);
    expect(isGrantable('partners:read')).toBe(false);
  });

  it('is held by a key with scopes only when they contain it', () => {
    const narrow: Principal = { ...live, permissions: ['usage:read', 'api-keys:write'] };
    for (const permission of permissions) expect(mayDo(permission, narrow)).toBe(permission === 'usage:read');
    expect(() => authorize({ permission: 'tickets:write' }, narrow)).toThrow(
      'This key lacks the scope tickets:write.',
    );
    expect(() => authorize({ permission: 'members:read' }, narrow)).toThrow(
      'This is for a logged-in person of the partner.',
    );
  });

  it('about the person alone is held by a person without a partner, too', () => {
    for (const permission of permissions)
      for (const principal of [stranger, { ...owner, partner_id: null }])
        expect(mayDo(permission, principal)).toBe(
          ruleOf(permission).personal === true || ruleOf(permission).anonymous === true,
        );
  });

  it('needs a fresh proof where the table says so', () => {
    const aged = (ms: number): Principal => ({
      ...owner,
      authenticated_at: new Date(Date.now() - ms).toISOString(),
    });
    const { authenticated_at: _at, ...never } = owner;
    for (const permission of permissions) {
      if (!ruleOf(permission).roles.includes('owner')) continue;
      expect(() => authorize({ permission }, aged(STEP_UP_MS - 5000))).not.toThrow();
      for (const stale of [aged(STEP_UP_MS + 1000), never]) {
        const call = () => authorize({ permission }, stale);
        if (ruleOf(permission).stepUp)
          expect(call).toThrow(expect.objectContaining({ code: 'AUTH.STEP_UP_REQUIRED', kind: 'forbidden' }));
        else expect(call).not.toThrow();
      }
    }
    expect(permissions.filter((one) => ruleOf(one).stepUp)).toEqual(
      expect.arrayContaining(['api-keys:write', 'second-factors:write']),
    );
    // Who does not hold it is told that, and not to prove anything.
    const stale = { ...aged(STEP_UP_MS + 1000), role: 'viewer' as const };
    expect(() => authorize({ permission: 'api-keys:write' }, stale)).toThrow(forbidden);
  });

  it('is not held by an admin without the second factor that he must have, but for what adds one', () => {
    const lacking: Principal = { ...admin, second_factor_missing: true };
    const held = permissions.filter((permission) => mayDo(permission, admin));
    const allowed = held.filter((permission) => {
      try {
        authorize({ permission }, lacking);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'AUTH.SECOND_FACTOR_MISSING' });
        return false;
      }
    });
    expect(allowed.sort()).toEqual([
      'identity:read',
      'plans:read',
      'second-factors:read',
      'second-factors:write',
      'sessions:end',
      'sessions:read',
      'sessions:step-up',
    ]);
  });

  it('names its holders', () => {
    expect(() => authorize({ permission: 'api-keys:write' }, viewer)).toThrow(
      'This is for a logged-in owner, admin or developer of the partner.',
    );
    expect(describeHolders(ruleOf('tickets:read'))).toBe(
      'a logged-in person of the partner, an API key or an access token',
    );
    expect(describeHolders(ruleOf('identity:read'))).toBe(
      'every logged-in person, an API key or an access token',
    );
    expect(describeHolders(ruleOf('pools:write'))).toBe(
      'a person of GridWorks with the role platform_admin or platform_sre',
    );
  });

  it('is not needed for a public request, whoever the caller is', () => {
    for (const principal of [owner, admin, live, anonymous, undefined])
      expect(() => authorize({ permission: 'public' }, principal)).not.toThrow();
  });

  it('gives no access to internal requests: no call of an end user reaches them, not even an admin’s', () => {
    expect(() => authorize({ permission: 'internal' }, undefined)).not.toThrow();
    for (const principal of [owner, admin, live, anonymous])
      expect(() => authorize({ permission: 'internal' }, principal)).toThrow(forbidden);
  });
});

describe('the caller', () => {
  it('is somebody', () => {
    expect(callerOf({ principal: owner })).toBe(owner);
    expect(() => callerOf({ principal: undefined })).toThrow(unauthenticated);
    expect(() => callerOf({ principal: anonymous })).toThrow(unauthenticated);
  });

  it('has a partner, or touches no partner’s data', () => {
    expect(partnerOf({ principal: live })).toBe(partnerId);
    expect(partnerOf({ principal: owner })).toBe(partnerId);
    expect(() => partnerOf({ principal: admin })).toThrow(forbidden);
    expect(() => partnerOf({ principal: undefined })).toThrow(unauthenticated);
  });

  it('sees the rows of its partner, unless it acts for the platform, for a service or for itself', () => {
    expect(tenantOf({ permission: 'tickets:read' }, live)).toBe(partnerId);
    expect(tenantOf({ permission: 'members:write' }, owner)).toBe(partnerId);
    expect(tenantOf({ permission: 'plans:read' }, owner)).toBe(partnerId);
    expect(tenantOf({ permission: 'partners:read' }, admin)).toBeUndefined();
    expect(tenantOf({ permission: 'internal' }, undefined)).toBeUndefined();
    expect(tenantOf({ permission: 'public' }, owner)).toBeUndefined();
    expect(tenantOf({ permission: 'memberships:read' }, owner)).toBeUndefined();
  });

  it('is recorded as the person, else as the key', () => {
    expect(actorOf({ principal: owner })).toBe(userId);
    expect(actorOf({ principal: live })).toBe(live.id);
    expect(() => actorOf({ principal: undefined })).toThrow(unauthenticated);
  });
});

describe('an access token', () => {
  it('permits its scopes, of what keys may do, and nothing that is about a person alone', () => {
    for (const principal of [machine, delegate]) {
      expect(mayDo('tickets:read', principal)).toBe(true);
      for (const permission of ['tickets:write', 'api-keys:write', 'members:read', 'sessions:read'] as const)
        expect(mayDo(permission, principal)).toBe(false);
      expect(mayDo('tickets:read', { ...principal, partner_id: null })).toBe(false);
      const { permissions: _, ...unscoped } = principal;
      expect(mayDo('tickets:read', unscoped)).toBe(false);
    }
    expect(mayDo('identity:read', machine)).toBe(true);
    expect(mayDo('identity:read', delegate)).toBe(false);
    expect(mayDo('tickets:read', { ...delegate, user_id: null })).toBe(false);
  });

  it('is told which scope it lacks', () => {
    expect(() => authorize({ permission: 'usage:read' }, delegate)).toThrow(
      'This access token lacks the scope usage:read.',
    );
  });
});
