import { type DnsServerHandle, eventually, startDns } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PortalUnderTest } from './portal-under-test.ts';
import { call, chooseAndLogIn, Directory, type Json } from './scim-directory.ts';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Replays what the SCIM clients of Okta and Microsoft Entra send, through the gateway of a running portal. */
describe('the directory of a partner', () => {
  let portal: PortalUnderTest;
  let dns: DnsServerHandle;
  let directory: Directory;
  beforeAll(async () => {
    dns = await startDns();
    portal = await PortalUnderTest.start({ AUTH_DNS_SERVERS: dns.address });
    directory = await Directory.of(portal, dns);
  }, 240_000);
  afterAll(async () => {
    await portal?.stop();
    await dns?.stop();
  }, 60_000);

  const principal = (session: string) => call(`${portal.system.url}/v1/me`, 'GET', session);
  const address = (name: string) => `${name}@${directory.domain}`;
  async function acts(objectId: string): Promise<Json[]> {
    const { body } = await directory.api('GET', `/v1/audit?limit=100&object_id=${objectId}`);
    return body.data;
  }

  it('learns what the portal can do', async () => {
    const config = await directory.scim('GET', '/ServiceProviderConfig');
    expect(config.headers.get('content-type')).toContain('application/scim+json');
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 100 },
    });
    const types = await directory.scim('GET', '/ResourceTypes');
    expect(types.body.Resources.map(({ id }: Json) => id)).toEqual(['User', 'Group']);
    for (const { schema } of types.body.Resources) {
      const { body } = await directory.scim('GET', `/Schemas/${schema}`);
      expect(body).toMatchObject({ id: schema, attributes: expect.any(Array) });
    }
  });

  it('of Okta: finds nobody, makes a user, changes, deactivates and reactivates', async () => {
    const email = address('grace');
    const none = await directory.find('Users', `userName eq "${email}"`, '&startIndex=1&count=100');
    expect(none.body).toMatchObject({ totalResults: 0, itemsPerPage: 0, startIndex: 1, Resources: [] });
    const made = await directory.user('grace', { password: 'a password that is not kept' });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toContain(`/scim/v2/Users/${made.body.id}`);
    expect(made.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: email,
      externalId: '00u-grace',
      active: true,
      emails: [{ value: email, primary: true }],
      name: { givenName: 'grace', familyName: 'Lovelace' },
    });
    expect(JSON.stringify(made.body)).not.toContain('password');
    expect(await directory.member(email)).toMatchObject({ role: 'viewer' });
    const { id } = made.body;
    expect((await directory.scim('GET', `/Users/${id}`)).body).toEqual(made.body);
    const again = await directory.user('grace');
    expect(again).toMatchObject({
      status: 409,
      body: { schemas: [ERROR], scimType: 'uniqueness', status: '409' },
    });

    const session = await chooseAndLogIn(portal, email);
    expect((await principal(session)).body.principal).toMatchObject({
      partner_id: directory.partnerId,
      role: 'viewer',
    });

    const put = await directory.scim('PUT', `/Users/${id}`, {
      ...made.body,
      name: { givenName: 'Grace', familyName: 'Hopper' },
      displayName: 'Grace Hopper',
    });
    expect(put.body).toMatchObject({ displayName: 'Grace Hopper', active: true });
    expect((await principal(session)).body.user.name).toBe('Grace Hopper');

    const off = await directory.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    expect(off).toMatchObject({ status: 200, body: { id, active: false } });
    const since = Date.now();
    await eventually(async () => expect((await principal(session)).status).toBe(401));
    process.stdout.write(`the session ended at the gateway ${Date.now() - since} ms after the response\n`);
    expect(await directory.member(email)).toBeUndefined();
    expect((await directory.find('Users', 'active eq false')).body.Resources).toMatchObject([{ id }]);

    const on = await directory.patch(`/Users/${id}`, { op: 'replace', value: { active: true } });
    expect(on.body).toMatchObject({ active: true });
    expect(await directory.member(email)).toMatchObject({ role: 'viewer' });
    await eventually(async () => {
      const entries = await acts(id);
      expect(entries.map(({ action }) => action)).toEqual([
        ...['scim_user.changed', 'scim_user.changed', 'scim_user.changed', 'scim_user.created'],
      ]);
      for (const { actor } of entries)
        expect(actor).toMatchObject({ kind: 'scim_token', id: directory.tokenId });
    });
  }, 60_000);

  it('of Okta: makes a group named like a role, and moves people in and out', async () => {
    const { body: user } = await directory.user('katherine');
    const session = await chooseAndLogIn(portal, address('katherine'));
    const group = await directory.scim('POST', '/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Developer',
      members: [],
    });
    expect(group).toMatchObject({ status: 201, body: { displayName: 'Developer', members: [] } });
    const path = `/Groups/${group.body.id}`;
    const roleOf = async () => (await principal(session)).body.principal.role;
    const filled = await directory.patch(path, {
      op: 'add',
      path: 'members',
      value: [{ value: user.id, display: 'katherine' }],
    });
    expect(filled.body.members).toEqual([{ value: user.id }]);
    const since = Date.now();
    await eventually(async () => expect(await roleOf()).toBe('developer'));
    process.stdout.write(`the role held at the gateway ${Date.now() - since} ms after the response\n`);

    const renamed = await directory.patch(path, {
      op: 'replace',
      value: { id: group.body.id, displayName: 'Engineering' },
    });
    expect(renamed.body).toMatchObject({ displayName: 'Engineering', members: [{ value: user.id }] });
    expect(await roleOf()).toBe('developer');
    expect((await directory.scim('GET', `/Users/${user.id}`)).body.groups).toMatchObject([
      { value: group.body.id, display: 'Engineering' },
    ]);

    await directory.patch(path, { op: 'remove', path: `members[value eq "${user.id}"]` });
    await eventually(async () => expect(await roleOf()).toBe('viewer'));
    await directory.patch(path, { op: 'replace', path: 'members', value: [{ value: user.id }] });
    await eventually(async () => expect(await roleOf()).toBe('developer'));
    expect((await directory.scim('DELETE', path)).status).toBe(204);
    await eventually(async () => expect(await roleOf()).toBe('viewer'));
    expect((await directory.scim('GET', path)).status).toBe(404);
  }, 60_000);

  it('of Entra: sends operations with capitals, booleans as texts and paths with filters', async () => {
    const email = address('dorothy');
    const made = await directory.scim('POST', '/Users', {
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:User',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      ],
      externalId: '58342554-38d6-4ec8-948c-50044d0a33fd',
      userName: email,
      active: 'True',
      emails: [{ primary: true, type: 'work', value: email }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Dorothy Vaughan', familyName: 'Vaughan', givenName: 'Dorothy' },
      roles: [],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Wind' },
    });
    expect(made).toMatchObject({ status: 201, body: { active: true } });
    const path = `/Users/${made.body.id}`;
    const found = await directory.find('Users', 'externalId eq "58342554-38d6-4ec8-948c-50044d0a33fd"');
    expect(found.body.Resources).toMatchObject([{ id: made.body.id }]);

    const off = await directory.patch(path, { op: 'Replace', path: 'active', value: 'False' });
    expect(off.body.active).toBe(false);
    const on = await directory.patch(path, { op: 'Add', path: 'active', value: 'True' });
    expect(on.body.active).toBe(true);

    const other = address('dorothy.v');
    const changed = await directory.patch(
      path,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: other },
      { op: 'Add', path: 'name.familyName', value: 'Johnson' },
      { op: 'Replace', path: 'displayName', value: 'Dorothy J' },
      {
        op: 'Add',
        path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
        value: 'Sun',
      },
      { op: 'Add', value: { 'name.givenName': 'Dot', externalId: 'another' } },
    );
    expect(changed).toMatchObject({
      status: 200,
      body: {
        emails: [{ value: other }],
        name: { familyName: 'Johnson', givenName: 'Dot' },
        displayName: 'Dorothy J',
        externalId: 'another',
      },
    });
    expect(await directory.member(other)).toMatchObject({ role: 'viewer' });
    expect(await directory.member(email)).toBeUndefined();
    await directory.patch(path, { op: 'Remove', path: 'displayName' });
    expect((await directory.scim('GET', path)).body.displayName).toBeUndefined();
  }, 60_000);

  it('of Entra: keeps groups in step without reading their members', async () => {
    const { body: user } = await directory.user('annie');
    const group = await directory.scim('POST', '/Groups', {
      schemas: [
        'urn:ietf:params:scim:schemas:core:2.0:Group',
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
      ],
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
      displayName: 'Wind team',
      meta: { resourceType: 'Group' },
    });
    const { id } = group.body;
    const found = await directory.find('Groups', 'displayName eq "wind TEAM"', '&excludedAttributes=members');
    expect(found.body.Resources).toEqual([expect.not.objectContaining({ members: expect.anything() })]);
    const add = { op: 'Add', path: 'members', value: [{ $ref: null, value: user.id }] };
    await directory.patch(`/Groups/${id}`, add, add);
    const isIn = () =>
      directory.find('Groups', `id eq "${id}" and members eq "${user.id}"`, '&attributes=id');
    expect((await isIn()).body.Resources).toEqual([{ schemas: expect.any(Array), id }]);
    // It is named like no role: a person maps it.
    expect(await directory.member(address('annie'))).toMatchObject({ role: 'viewer' });
    const mapped = await directory.api('PATCH', `/v1/scim/groups/${id}`, { role: 'billing' });
    expect(mapped.body).toMatchObject({ name: 'Wind team', members: 1, role: 'billing' });
    expect(await directory.member(address('annie'))).toMatchObject({ role: 'billing' });
    const remove = { op: 'Remove', path: 'members', value: [{ $ref: null, value: user.id }] };
    await directory.patch(`/Groups/${id}`, remove);
    expect((await isIn()).body.totalResults).toBe(0);
    expect(await directory.member(address('annie'))).toMatchObject({ role: 'viewer' });
  }, 60_000);

  it('gives the highest role of several groups, and roles that the partner made', async () => {
    const { body: user } = await directory.user('mary');
    const own = (await directory.api('POST', '/v1/roles', { name: 'Analyst', permissions: ['usage:read'] }))
      .body;
    const roleOf = async () => (await directory.member(address('mary')))?.role;
    const make = async (displayName: string) =>
      (await directory.scim('POST', '/Groups', { displayName, members: [{ value: user.id }] })).body.id;
    await make('analyst');
    expect(await roleOf()).toBe('custom');
    expect((await directory.api('DELETE', `/v1/roles/${own.id}`)).body.code).toBe('AUTH.ROLE_IN_USE');
    await make('support');
    const admins = await make('admin');
    await make('owner');
    expect(await roleOf()).toBe('admin');
    await directory.api('PATCH', `/v1/scim/groups/${admins}`, { role: null });
    expect(await roleOf()).toBe('support');
  }, 60_000);

  it('adopts a member whom people invited, and never touches an owner', async () => {
    const owner = await directory.user('owner');
    expect(owner).toMatchObject({ status: 201, body: { active: true } });
    const path = `/Users/${owner.body.id}`;
    for (const answer of [
      await directory.patch(path, { op: 'replace', path: 'active', value: false }),
      await directory.scim('DELETE', path),
    ])
      expect(answer).toMatchObject({ status: 403, body: { schemas: [ERROR], status: '403' } });
    const group = await directory.scim('POST', '/Groups', {
      displayName: 'viewer',
      members: [{ value: owner.body.id }],
    });
    expect(group.status).toBe(201);
    expect(await directory.member(directory.ownerEmail)).toMatchObject({ role: 'owner' });
    // The account was not made by the directory: its name and address are the person's own.
    const before = (await principal(directory.owner)).body.user;
    const moved = await directory.patch(path, {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: address('not-mine'),
    });
    expect(moved).toMatchObject({ status: 409, body: { scimType: 'mutability' } });
    await directory.patch(path, { op: 'replace', path: 'displayName', value: 'Somebody Else' });
    expect((await principal(directory.owner)).body.user).toEqual(before);
  }, 60_000);

  it('leaves the account alone of whom it has made, and who belongs to another partner, too', async () => {
    const { body: user } = await directory.user('irene');
    const session = await chooseAndLogIn(portal, address('irene'));
    const named = await directory.patch(`/Users/${user.id}`, {
      op: 'replace',
      path: 'displayName',
      value: 'I',
    });
    expect(named.body.displayName).toBe('I');
    expect((await principal(session)).body.user.name).toBe('I');
    const second = await call(`${portal.system.url}/v1/me/memberships`, 'POST', session, {
      name: 'Irene Wind',
    });
    expect(second.status).toBe(201);
    const moved = await directory.patch(`/Users/${user.id}`, {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: address('irene.taken'),
    });
    expect(moved).toMatchObject({ status: 409, body: { scimType: 'mutability' } });
    const renamed = await directory.patch(`/Users/${user.id}`, {
      op: 'replace',
      path: 'displayName',
      value: 'X',
    });
    expect(renamed).toMatchObject({ status: 200, body: { displayName: 'X' } });
    expect((await principal(session)).body.user).toMatchObject({ name: 'I', email: address('irene') });
  }, 60_000);

  it('makes nobody outside of the verified domains', async () => {
    for (const email of ['eve@example.org', `eve@sub.${directory.domain}`, 'eve@gmail.com']) {
      const answer = await directory.user('eve', {
        userName: email,
        emails: [{ value: email, primary: true }],
      });
      expect(answer).toMatchObject({ status: 403, body: { schemas: [ERROR] } });
    }
    const { body: user } = await directory.user('rose');
    const moved = await directory.patch(`/Users/${user.id}`, {
      op: 'replace',
      path: 'emails[type eq "work"].value',
      value: 'rose@example.org',
    });
    expect(moved.status).toBe(403);
    // Another partner's account with an address elsewhere is out of reach, too.
    expect((await directory.find('Users', 'emails.value co "example.org"')).body.totalResults).toBe(0);
  }, 60_000);

  it('sees and changes nothing of another partner', async () => {
    const other = await Directory.of(portal, dns);
    const { body: theirs } = await other.user('hidden');
    const { body: group } = await other.scim('POST', '/Groups', { displayName: 'hidden', members: [] });
    const { body: mine } = await directory.user('visible');
    const missing = 'scu_0000000000000000000000';
    const bytes = async (answer: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await answer;
      return JSON.stringify([status, body]);
    };
    for (const act of [
      (id: string) => directory.scim('GET', `/Users/${id}`),
      (id: string) => directory.scim('DELETE', `/Users/${id}`),
      (id: string) => directory.scim('PUT', `/Users/${id}`, mine),
      (id: string) => directory.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
      (id: string) => directory.scim('POST', '/Groups', { displayName: 'probe', members: [{ value: id }] }),
    ]) {
      const [foreign, none] = [await bytes(act(theirs.id)), await bytes(act(missing))];
      expect(foreign.replaceAll(theirs.id, missing)).toBe(none);
      expect(foreign.startsWith('[40')).toBe(true);
    }
    for (const method of ['GET', 'DELETE'])
      expect((await directory.scim(method, `/Groups/${group.id}`)).status).toBe(404);
    const patched = await directory.patch(`/Groups/${group.id}`, {
      op: 'replace',
      path: 'displayName',
      value: 'x',
    });
    expect(patched.status).toBe(404);
    for (const filter of [
      `id eq "${theirs.id}"`,
      `userName eq "${theirs.userName}"`,
      `id pr or userName eq "${theirs.userName}"`,
      'not (userName eq "nobody")',
      'emails[value co "hidden"]',
    ]) {
      const { body } = await directory.find('Users', filter);
      expect(body.Resources.map(({ id }: Json) => id)).not.toContain(theirs.id);
    }
    const own = (
      await directory.scim('POST', '/Groups', { displayName: 'probe', members: [{ value: mine.id }] })
    ).body;
    for (const operation of [
      { op: 'add', path: 'members', value: [{ value: theirs.id }] },
      { op: 'replace', path: `members[value eq "${mine.id}"].value`, value: theirs.id },
    ])
      expect(await directory.patch(`/Groups/${own.id}`, operation)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidValue' },
      });
    expect((await other.scim('GET', `/Users/${theirs.id}`)).body).toEqual(theirs);
    // Their directory makes no second account of our domain, nor takes one of ours over.
    expect((await other.user('x', { userName: mine.userName, emails: mine.emails })).status).toBe(403);
  }, 60_000);

  it('reads filters, pages and attributes as RFC 7644 has them', async () => {
    const own = await Directory.of(portal, dns);
    for (const name of ['a1', 'a2', 'b1']) expect((await own.user(name)).status).toBe(201);
    const named = async (filter: string) =>
      (await own.find('Users', filter)).body.Resources.map(({ externalId }: Json) => externalId);
    expect(await named('userName sw "A"')).toEqual(['00u-a1', '00u-a2']);
    expect(await named('userName ew "nowhere.com"')).toEqual([]);
    expect(await named('externalId eq "00u-a1" or name.givenName eq "b1"')).toEqual(['00u-a1', '00u-b1']);
    expect(await named('displayName co "2 love" and active eq true')).toEqual(['00u-a2']);
    expect(await named('emails[type eq "work" and value sw "b1"]')).toEqual(['00u-b1']);
    expect(await named('meta.created gt "2020-01-01T00:00:00Z" and not (externalId pr)')).toEqual([]);
    expect(await named(`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "b1@${own.domain}"`)).toEqual([
      '00u-b1',
    ]);
    const page = await own.scim('GET', '/Users?startIndex=2&count=1&attributes=userName');
    expect(page.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    expect(page.body.Resources).toEqual([
      { schemas: expect.any(Array), id: expect.any(String), userName: `a2@${own.domain}` },
    ]);
    expect((await own.scim('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 3, Resources: [] });
    for (const filter of [
      'userName eq',
      'nickName eq "x"',
      'userName eq x',
      '((',
      `userName eq "'; drop table users"x`,
    ])
      expect(await own.find('Users', filter)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidFilter' },
      });
    expect((await own.scim('GET', '/Users?count=many')).body.scimType).toBe('invalidValue');
    const bad = await own.patch('/Users/scu_0', { op: 'move', path: 'x' });
    expect(bad.status).toBe(404);
    const wrong = await call(`${own.url}/scim/v2/Users`, 'POST', own.token, '{', 'application/scim+json');
    expect(wrong).toMatchObject({ status: 400, body: { schemas: [ERROR], scimType: 'invalidSyntax' } });
    expect((await own.scim('POST', '/Bulk', { Operations: [] })).body).toMatchObject({
      schemas: [ERROR],
      status: '404',
    });
  }, 60_000);

  it('has a token that does nothing else, and ends within a second', async () => {
    const own = await Directory.of(portal, dns);
    for (const path of ['/v1/me', '/v1/members', '/v1/api-keys', '/v1/tickets'])
      expect((await call(`${own.url}${path}`, 'GET', own.token)).status).toBe(403);
    expect((await call(`${own.url}/scim/v2/Users`, 'GET', own.owner)).body).toMatchObject({
      schemas: [ERROR],
      status: '403',
    });
    const tokens = (await own.api('GET', '/v1/scim/tokens')).body.data;
    expect(JSON.stringify(tokens)).not.toContain(own.token);
    expect(tokens).toMatchObject([{ last4: own.token.slice(-4), last_used_at: expect.any(String) }]);
    await own.api('DELETE', `/v1/scim/tokens/${own.tokenId}`);
    const since = Date.now();
    await eventually(async () =>
      expect(await own.scim('GET', '/Users')).toMatchObject({ status: 401, body: { schemas: [ERROR] } }),
    );
    process.stdout.write(`the SCIM token ended at the gateway ${Date.now() - since} ms after the response\n`);
    // A mistyped token is refused without a look-up.
    const mistyped = `${own.token.slice(0, -1)}${own.token.endsWith('0') ? '1' : '0'}`;
    expect((await call(`${own.url}/scim/v2/Users`, 'GET', mistyped)).status).toBe(401);
  }, 60_000);
});
