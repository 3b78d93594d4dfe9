import {
  type AppError,
  authorize,
  newId,
  PARTNER_ROLES,
  PLATFORM_ROLES,
  type Principal,
} from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { expectOutcome, type Standing } from './expect-outcome.ts';
import { MATRIX_ROUTES, nameOf } from './routes.ts';

const partner = newId('partner');
const session = (role: Principal['role'], more: Partial<Principal> = {}): Principal => ({
  ...{ kind: 'session', id: newId('session'), user_id: newId('user'), role, mode: null },
  partner_id: role.startsWith('platform_') || role === 'none' ? null : partner,
  authenticated_at: new Date().toISOString(),
  ...more,
});
const key = (mode: 'live' | 'test', permissions?: string[]): Principal => ({
  ...{ kind: 'api_key', id: newId('apiKey'), partner_id: partner, user_id: null, role: 'none', mode },
  ...(permissions ? { permissions } : {}),
});
const CUSTOM = ['usage:read', 'tickets:read', 'ownership:write', 'partners:read'];

const callers: readonly (readonly [Standing, Principal | undefined])[] = [
  [{ kind: 'nobody' }, undefined],
  ...[...PARTNER_ROLES, ...PLATFORM_ROLES, 'none' as const].map((role): [Standing, Principal] => [
    { kind: 'person', role },
    session(role),
  ]),
  [
    { kind: 'person', role: 'owner', staleProof: true },
    session('owner', { authenticated_at: '2020-01-01T00:00:00.000Z' }),
  ],
  [
    { kind: 'person', role: 'admin', bySso: true },
    session('admin', { sso_connection_id: newId('ssoConnection') }),
  ],
  [{ kind: 'custom', permissions: CUSTOM }, session('custom', { permissions: CUSTOM })],
  [{ kind: 'key', mode: 'live' }, key('live')],
  [{ kind: 'key', mode: 'test' }, key('test')],
  [{ kind: 'key', mode: 'live', scopes: ['usage:read'] }, key('live', ['usage:read'])],
  [{ kind: 'directory' }, { ...key('live'), kind: 'scim_token', mode: null }],
  [
    { kind: 'service_account', scopes: ['usage:read', 'members:write'] },
    { ...key('live', ['usage:read', 'members:write']), kind: 'service_account', mode: null },
  ],
  [
    { kind: 'application', role: 'viewer', scopes: ['usage:read', 'tickets:write'] },
    // What auth gives the application: those of its scopes that the person holds.
    { ...session('none', { permissions: ['usage:read'], partner_id: partner }), kind: 'application' },
  ],
  [{ kind: 'impersonator' }, session('owner', { impersonator: newId('user'), access: 'read' })],
];

describe('what the matrix expects', () => {
  it.each(MATRIX_ROUTES.map((route) => [nameOf(route), route] as const))(
    'is what the code does: %s',
    (_name, route) => {
      for (const [standing, principal] of callers) {
        let outcome = 'pass';
        try {
          const { permission, method, notImpersonated } = route;
          authorize({ permission, http: { method }, notImpersonated }, principal);
        } catch (error) {
          outcome = (error as AppError).code;
        }
        expect({ standing, outcome }).toEqual({ standing, outcome: expectOutcome(route, standing) });
      }
    },
  );
});
