import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'redis';
import { type RedisServer, startRedis } from './redis-server.ts';

const clientFor = (url: string) => createClient({ url, socket: { reconnectStrategy: false } });

async function request<T>(
  url: string,
  command: (client: ReturnType<typeof clientFor>) => Promise<T>,
): Promise<T> {
  const client = clientFor(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await command(client);
  } finally {
    client.destroy();
  }
}

describe('startRedis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it('responds, is away after a kill -9, and restarts empty', async () => {
    await request(server.url, (client) => client.set('a', '1'));
    await server.kill9();
    await expect(request(server.url, (client) => client.ping())).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await request(server.url, (client) => client.get('a'))).toBeNull();
  });
});
