import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { type NatsServer, startNats } from './nats-server.ts';

describe('startNats', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats({ withPermissions: true });
  });
  afterAll(() => server.stop());

  it('accepts one user per service, and refuses others', async () => {
    const { user, password } = server.credentials('billing');
    const nc = await connect({ servers: server.url, user, pass: password });
    await nc.flush();
    await nc.close();
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/authorization/i);
  });

  it('restarts on the same port with another process', async () => {
    const before = server.pid();
    await server.kill9();
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/refused/);
    await server.restart();
    expect(server.pid()).not.toBe(before);
    const { user, password } = server.credentials('auth');
    const nc = await connect({ servers: server.url, user, pass: password });
    await nc.close();
  });
});
