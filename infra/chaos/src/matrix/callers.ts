import { newApiKey, newId, PARTNER_ROLES, PLATFORM_ROLES } from '@gridworks/contracts';
import { signedAnew, tokenByCode } from './access-tokens.ts';
import type { Standing } from './expect-outcome.ts';
import type { Person, PortalPeople } from './portal-people.ts';

/** One column of the matrix. */
export interface MatrixCaller {
  readonly name: string;
  readonly standing: Standing;
  /** Undefined: no credential is sent. */
  readonly token: string | undefined;
}

/** What the role of the partner's own holds; the last two may be in no such role. */
const CUSTOM = ['usage:read', 'tickets:read', 'ownership:write', 'partners:read'];
const SCOPES = ['usage:read'];
/** What an application may do for people; a viewer, who has accepted it, holds only the first. */
const APPLICATION_SCOPES = ['usage:read', 'tickets:write'];

/** Every kind of caller, all of them strangers to `victim`. */
export async function makeCallers(people: PortalPeople): Promise<MatrixCaller[]> {
  const owner = await people.register('Matrix');
  const live = await people.key(owner, { mode: 'live' });
  return [
    { name: 'nobody', standing: { kind: 'nobody' }, token: undefined },
    ...(await persons(people, owner)),
    ...(await keys(people, owner, live)),
    ...(await accessTokens(people, owner)),
    ...(await singleSignOn(people, owner)),
    await directory(people, owner),
    ...(await refused(people, live)),
    await impersonator(people, await people.register('Matrix')),
  ];
}

async function persons(people: PortalPeople, owner: Person): Promise<MatrixCaller[]> {
  const person = (name: string, role: string, token: string): MatrixCaller => ({
    ...{ name, standing: { kind: 'person', role }, token },
  });
  const found = [person('owner', 'owner', owner.token)];
  for (const role of PARTNER_ROLES.filter((one) => one !== 'owner'))
    found.push(person(role, role, await people.member(owner, role, null)));
  for (const role of PLATFORM_ROLES) found.push(person(role, role, await people.platformPerson(role)));
  const alone = await people.register('Matrix');
  await people.query('delete from auth.memberships where user_id = $1', [alone.userId]);
  found.push(person('a person without a partner', 'none', await people.logIn(alone)));
  const { id } = await people.call<{ id: string }>('POST', '/v1/roles', owner.token, {
    name: 'Matrix',
    permissions: CUSTOM.slice(0, 2),
  });
  await people.query('update auth.roles set permissions = $2 where id = $1', [id, CUSTOM]);
  found.push({
    name: 'a role of the partner’s own',
    standing: { kind: 'custom', permissions: CUSTOM },
    token: await people.member(owner, 'custom', id),
  });
  const stale = await people.logIn(owner);
  await people.age(stale, 'authenticated_at');
  found.push({
    name: 'an owner whose proof is old',
    standing: { kind: 'person', role: 'owner', staleProof: true },
    token: stale,
  });
  return found;
}

async function keys(people: PortalPeople, owner: Person, live: string): Promise<MatrixCaller[]> {
  return [
    { name: 'a live key', standing: { kind: 'key', mode: 'live' }, token: live },
    {
      name: 'a test key',
      standing: { kind: 'key', mode: 'test' },
      token: await people.key(owner, { mode: 'test' }),
    },
    {
      name: 'a key with one scope',
      standing: { kind: 'key', mode: 'live', scopes: SCOPES },
      token: await people.key(owner, { mode: 'live', scopes: SCOPES }),
    },
  ];
}

async function accessTokens(people: PortalPeople, owner: Person): Promise<MatrixCaller[]> {
  const kept = await people.accessToken(owner, SCOPES);
  const removed = await people.accessToken(owner, SCOPES);
  await people.call('DELETE', `/v1/applications/${removed.id}`, owner.token);
  const [head, payload, signature = ''] = kept.token.split('.');
  const refused = { kind: 'refused', code: 'AUTH.CREDENTIAL_REFUSED' } as const;
  const viewer = await people.member(owner, 'viewer', null);
  const byCode = await tokenByCode(people, owner, viewer, APPLICATION_SCOPES);
  // The same key and claims but one: the token below is refused for its audience and for nothing else.
  await people.call('GET', '/v1/usage', await signedAnew(people, kept.token, { jti: 'matrix' }));
  return [
    {
      name: 'an application for a viewer, by code',
      standing: { kind: 'application', role: 'viewer', scopes: APPLICATION_SCOPES },
      token: byCode,
    },
    {
      name: 'an access token for another audience',
      standing: refused,
      token: await signedAnew(people, kept.token, { aud: 'https://another-api.example' }),
    },
    {
      name: 'a service account with one scope',
      standing: { kind: 'service_account', scopes: SCOPES },
      token: kept.token,
    },
    { name: 'a revoked application’s access token', standing: refused, token: removed.token },
    {
      name: 'an access token with another signature',
      standing: refused,
      token: `${head}.${payload}.${mutate(signature)}`,
    },
  ];
}

/** Sessions that a connection of the partner has begun: one that is in use, and one that was turned off. */
async function singleSignOn(people: PortalPeople, owner: Person): Promise<MatrixCaller[]> {
  const session = async (state: 'tested' | 'off') => {
    const id = newId('ssoConnection');
    await people.query(
      `insert into auth.sso_connections (id, partner_id, kind, name, state, settings, default_role, created_by, created_at, changed_at)
       values ($1, $2, 'saml', 'Matrix', $3, '{}', 'viewer', $4, now(), now())`,
      [id, owner.partnerId, state, owner.userId],
    );
    const token = await people.member(owner, 'admin', null);
    await people.change(token, 'sso_connection_id = $2', id);
    return token;
  };
  return [
    {
      name: 'an admin by single sign-on',
      standing: { kind: 'person', role: 'admin', bySso: true },
      token: await session('tested'),
    },
    {
      name: 'a session of single sign-on that was turned off',
      standing: { kind: 'refused', code: 'AUTH.CREDENTIAL_REFUSED' },
      token: await session('off'),
    },
  ];
}

async function directory(people: PortalPeople, { token }: Person): Promise<MatrixCaller> {
  const made = await people.call<{ token: string }>('POST', '/v1/scim/tokens', token, { name: 'Matrix' });
  return { name: 'the directory of a partner', standing: { kind: 'directory' }, token: made.token };
}

/** Credentials that open nothing. */
async function refused(people: PortalPeople, live: string): Promise<MatrixCaller[]> {
  const refused = (name: string, token: string, code = 'AUTH.CREDENTIAL_REFUSED'): MatrixCaller => ({
    ...{ name, standing: { kind: 'refused', code }, token },
  });
  const other = await people.register('Matrix, over');
  const expired = await people.key(other, { mode: 'live' });
  await people.query(`update auth.api_keys set expires_at = now() - interval '1 second' where id = $1`, [
    await people.keyId(other, expired),
  ]);
  const revoked = await people.key(other, { mode: 'live' });
  await people.query('update auth.api_keys set revoked_at = now() where id = $1', [
    await people.keyId(other, revoked),
  ]);
  const bound = await people.key(other, { mode: 'live', allowed_networks: ['192.0.2.0/24'] });
  const ended = await people.logIn(other);
  await people.age(ended, 'revoked_at');
  const over = await people.logIn(other);
  await people.age(over, 'expires_at');
  const suspended = await people.register('Matrix, suspended');
  const suspendedKey = await people.key(suspended, { mode: 'live' });
  await people.call('POST', `/v1/admin/partners/${suspended.partnerId}/suspend`, await people.admin(), {
    reason: 'matrix of routes and callers',
  });
  return [
    refused('an unknown key', newApiKey('live')),
    refused('a key with a wrong checksum', `${live.slice(0, -1)}${live.endsWith('A') ? 'B' : 'A'}`),
    refused('an expired key', expired),
    refused('a revoked key', revoked),
    refused('a key from another network', bound, 'AUTH.NETWORK_NOT_ALLOWED'),
    refused('an ended session', ended),
    refused('an expired session', over),
    refused('a session token with one other character', mutate(over)),
    refused('a suspended partner’s owner', suspended.token, 'AUTH.PARTNER_SUSPENDED'),
    refused('a suspended partner’s key', suspendedKey, 'AUTH.PARTNER_SUSPENDED'),
  ];
}

async function impersonator(people: PortalPeople, owner: Person): Promise<MatrixCaller> {
  await people.call('POST', '/v1/support-access', owner.token, { access: 'read', hours: 1 });
  const { token } = await people.call<{ token: string }>(
    'POST',
    '/v1/admin/impersonations',
    await people.platformPerson('platform_support'),
    { partner_id: owner.partnerId, reason: 'matrix of routes and callers' },
  );
  return { name: 'support, reading for the partner', standing: { kind: 'impersonator' }, token };
}

/** The same length and alphabet, another token. */
function mutate(token: string): string {
  const at = Math.floor(token.length / 2);
  return `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`;
}
