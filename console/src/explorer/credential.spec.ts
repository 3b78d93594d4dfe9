import { beforeAll, describe, expect, it } from '@jest/globals';
import { readOpenApi } from '../../static/docs/read-open-api.ts';
import type { RawDocument } from '../reference/open-api.ts';
import type { Person } from '../session/session.ts';
import { asksFirst, offersFor } from './credential.ts';

const person = (role: 'owner' | 'viewer' | 'platform_admin') =>
  ({ role, partner: role === 'platform_admin' ? null : { id: 'par_1' } }) as unknown as Person;

describe('what the explorer offers', () => {
  let document: RawDocument;
  beforeAll(async () => {
    document = await readOpenApi();
  });
  const offered = (role: 'owner' | 'viewer' | 'platform_admin') =>
    new Map(offersFor(document, person(role)).map((offer) => [offer.operation.id, offer]));

  it('is nothing of the admins to a partner', () => {
    for (const role of ['owner', 'viewer'] as const)
      for (const { operation } of offered(role).values())
        expect(operation.path).not.toMatch(/^\/v1\/admin\//);
    expect(offered('platform_admin').has('listPauses')).toBe(true);
  });
  it('sends a test key wherever one opens it', () => {
    const owner = offered('owner');
    for (const id of ['listPlans', 'getIdentity', 'openTicket', 'getUsage'])
      expect({ id, credential: owner.get(id)?.credential }).toEqual({ id, credential: 'key' });
    expect(owner.get('createApiKey')?.credential).toBe('session');
    expect(owner.get('getPublicStatus')?.credential).toBe('none');
    expect(offered('platform_admin').get('listPlans')?.credential).toBe('session');
  });
  it('is what the role may do', () => expect(offered('viewer').has('createApiKey')).toBe(false));
  it('takes no password, replaces no session of the page, and reads no stream', () => {
    for (const role of ['owner', 'platform_admin'] as const) {
      const ids = [...offered(role).keys()];
      for (const id of ['registerPartner', 'createSession', 'changePassword', 'createBrowserSession'])
        expect(ids).not.toContain(id);
      for (const id of ['endBrowserSession', 'createExplorerKey', 'GET_v1_admin_events'])
        expect(ids).not.toContain(id);
    }
  });
  it('asks before what deletes, and before each write with a session', () => {
    const asked = [...offered('owner').values()]
      .filter(({ operation, credential }) => asksFirst(operation, credential))
      .map(({ operation }) => operation.id);
    expect(asked).toEqual(
      expect.arrayContaining(['revokeApiKey', 'rotateApiKey', 'endAllSessions', 'updateIdentity']),
    );
    expect(asked).not.toContain('openTicket');
    expect(asked).not.toContain('listApiKeys');
  });
});
