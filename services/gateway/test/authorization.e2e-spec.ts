import type { Bus } from '@gridworks/bus';
import * as contracts from '@gridworks/contracts';
import { type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeServices } from './fake-services.ts';

const partner = contracts.newId('partner');
const session = (role: contracts.Principal['role']): contracts.Principal => ({
  kind: 'session',
  id: contracts.newId('session'),
  partner_id: contracts.isPlatformRole(role) || role === 'none' ? null : partner,
  user_id: contracts.newId('user'),
  role,
  mode: null,
  authenticated_at: new Date().toISOString(),
});
const key = (mode: 'live' | 'test'): contracts.Principal => ({
  kind: 'api_key',
  id: contracts.newId('apiKey'),
  partner_id: partner,
  user_id: null,
  role: 'none',
  mode,
});

const isForEverybody = ({ personal, anonymous }: contracts.PermissionRule): boolean =>
  personal === true || anonymous === true;

/** Every kind of principal, and whether it holds a permission. */
const callers: readonly (readonly [
  string,
  contracts.Principal | undefined,
  (rule: contracts.PermissionRule) => boolean,
])[] = [
  ['nobody', undefined, ({ anonymous }) => anonymous === true],
  ...[...contracts.PARTNER_ROLES, ...contracts.PLATFORM_ROLES].map(
    (role) => [role, session(role), ({ roles }: contracts.PermissionRule) => roles.includes(role)] as const,
  ),
  [
    'a role of the partner’s own',
    { ...session('custom'), permissions: ['usage:read', 'ownership:write', 'partners:read'] },
    (rule) => isForEverybody(rule) || rule === contracts.ruleOf('usage:read'),
  ],
  ['a person without a partner', session('none'), (rule) => isForEverybody(rule)],
  [
    'a key with one scope',
    { ...key('live'), permissions: ['usage:read', 'members:write'] },
    (rule) => rule === contracts.ruleOf('usage:read'),
  ],
  ['a live key', key('live'), ({ keyScopes }) => keyScopes.includes('live')],
  ['a test key', key('test'), ({ keyScopes }) => keyScopes.includes('test')],
  [
    'a service account with every scope',
    { ...key('live'), kind: 'service_account', permissions: Object.keys(contracts.PERMISSIONS) },
    ({ keyScopes }) => keyScopes.length > 0,
  ],
  [
    'a person through an application with every scope',
    { ...session('owner'), kind: 'application', permissions: Object.keys(contracts.PERMISSIONS) },
    ({ keyScopes, personal, stepUp }) => keyScopes.length > 0 && !personal && !stepUp,
  ],
  [
    'an application without scopes',
    { ...session('owner'), kind: 'application', permissions: [] },
    () => false,
  ],
  ['a service', { ...session('platform_admin'), kind: 'system' }, () => false],
];

// Sends requests around the gateway: the holder of its NATS password can request the services directly.
describe('who may request a service directly', () => {
  let nats: NatsServer;
  let services: FakeServices;
  let requester: Bus;
  beforeAll(async () => {
    nats = await startNats({ withPermissions: true });
    services = await FakeServices.start(nats);
    requester = await services.connect('gateway');
  });
  afterAll(async () => {
    await requester?.close();
    await services?.stop();
    await nats?.stop();
  });

  const matrix = contracts.PUBLIC_REQUESTS.flatMap((contract) =>
    callers.map(([who, principal, holds]) => ({
      subject: contract.subject,
      contract,
      who,
      principal,
      mayPass: contract.permission === 'public' || holds(contracts.ruleOf(contract.permission)),
    })),
  );
  it.each(matrix)('$subject by $who: $mayPass', async ({ contract, principal, mayPass }) => {
    services.reset();
    // A contract without its permission: the sender does not check it.
    const careless = { ...contract, permission: 'public' as const };
    const requested = requester.forward(
      careless,
      contracts.sampleInput(contract) as never,
      principal ? { principal } : {},
    );
    const code = await requested.then(
      () => null,
      (error: contracts.AppError) => error.code,
    );
    if (mayPass) {
      expect([null, 'SUPPORT.TICKET_NOT_FOUND']).toContain(code);
      expect(services.calls).toHaveLength(1);
    } else {
      expect(code).toBe(principal ? 'PLATFORM.FORBIDDEN' : 'PLATFORM.UNAUTHENTICATED');
      expect(services.calls).toEqual([]);
    }
  });

  it('is only a service where the contract has no public route', async () => {
    const internal = contracts.REQUESTS.filter(({ permission }) => permission === 'internal');
    expect(internal.length).toBeGreaterThan(0);
    for (const contract of internal) {
      services.reset();
      const careless = { ...contract, permission: 'public' as const };
      const requested = requester.forward(careless, {} as never, { principal: session('platform_admin') });
      await expect(requested).rejects.toMatchObject({ code: 'PLATFORM.FORBIDDEN' });
      expect(services.calls).toEqual([]);
    }
  });
});
