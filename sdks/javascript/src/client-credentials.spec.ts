import { afterEach, describe, expect, it } from '@jest/globals';
import { type ScriptedServer, type Step, scriptedServer } from '../test/scripted-server.ts';
import { clientCredentials } from './client-credentials.ts';
import { Portal } from './portal.ts';

describe('the credential of a service account', () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const serve = async (...steps: Step[]) => {
    const server = await scriptedServer(...steps);
    servers.push(server);
    const options = { baseUrl: server.url, clientId: 'app_1', clientSecret: 'acs_1' };
    return { server, options };
  };
  const json =
    (status: number, body: object): Step =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const token = (name: string, expires_in: number) => json(200, { access_token: name, expires_in });

  it('is one token for simultaneous calls, until half a minute before its end', async () => {
    const { server, options } = await serve(token('first', 600), token('second', 600));
    const credential = clientCredentials({ ...options, scope: 'usage:read tickets:read' });
    expect(await Promise.all([credential(), credential(), credential()])).toEqual(Array(3).fill('first'));
    expect(await credential()).toBe('first');
    expect(server.requests).toEqual([
      expect.objectContaining({
        ...{ method: 'POST', url: '/oauth/token' },
        body: 'grant_type=client_credentials&scope=usage%3Aread+tickets%3Aread',
        headers: expect.objectContaining({ authorization: `Basic ${btoa('app_1:acs_1')}` }),
      }),
    ]);
  });

  it('is another token when the one before is about to end', async () => {
    const { options } = await serve(token('first', 30), token('second', 600));
    const credential = clientCredentials(options);
    expect([await credential(), await credential(), await credential()]).toEqual([
      'first',
      'second',
      'second',
    ]);
  });

  it('says why there is none, and tries again at the next call', async () => {
    const { options } = await serve(
      json(401, { error: 'invalid_client', error_description: 'client authentication failed' }),
      json(503, { code: 'PLATFORM.UNAVAILABLE', title: 'x' }),
      (response) => void response.destroy(),
      token('late', 600),
    );
    const credential = clientCredentials(options);
    await expect(credential()).rejects.toMatchObject({
      ...{ name: 'ApiError', code: 'OAUTH.INVALID_CLIENT', status: 401 },
      message: 'client authentication failed',
    });
    await expect(credential()).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE', status: 503 });
    await expect(credential()).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(await credential()).toBe('late');
  });

  it('is sent with each request of a portal', async () => {
    const { server, options } = await serve(token('first', 600), json(200, { object: 'usage' }));
    const portal = new Portal({ baseUrl: server.url, credential: clientCredentials(options) });
    await portal.usage.get();
    expect(server.requests[1]?.headers.authorization).toBe('Bearer first');
  });
});
