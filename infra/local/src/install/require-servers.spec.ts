import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { requireNats, requireRedis } from './require-servers.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();

/** A server that sends `greeting`, then the responses of `respond` to received data. Returns its port. */
async function listen(greeting: string, respond: (received: string) => string = () => ''): Promise<number> {
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting) socket.write(greeting);
    socket.on('data', (chunk) => socket.write(respond(chunk.toString())));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as { port: number }).port;
}

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
});

const refusal = (message: string) => expect.objectContaining({ message: expect.stringContaining(message) });

describe('requireNats', () => {
  it('accepts its greeting', async () => {
    const port = await listen('INFO {"server_id":"N"} \r\n');
    expect(await requireNats(`nats://me:secret@127.0.0.1:${port}`)).toBe(`127.0.0.1:${port}`);
  });

  it('names the variable, the address and the problem, and no password', async () => {
    const port = await listen('SSH-2.0-x\r\n');
    const url = `nats://me:secret@127.0.0.1:${port}`;
    await expect(requireNats(url)).rejects.toEqual(refusal(`NATS_URL (127.0.0.1:${port})`));
    await expect(requireNats(url)).rejects.toEqual(refusal('not NATS'));
    server?.close();
    for (const socket of sockets) socket.destroy();
    await expect(requireNats(url)).rejects.toEqual(refusal('ECONNREFUSED'));
  });

  it('does not wait for ever for a frozen server', async () => {
    const port = await listen('');
    await expect(requireNats(`nats://127.0.0.1:${port}`, 50)).rejects.toEqual(refusal('no response within'));
  });
});

describe('requireRedis', () => {
  const redis = (received: string) => {
    if (!received.includes('AUTH')) return '+PONG\r\n';
    return received.includes('$3\r\np s\r\n') ? '+OK\r\n+PONG\r\n' : '-WRONGPASS invalid\r\n-NOAUTH\r\n';
  };

  it('accepts its PONG, with and without a password', async () => {
    const port = await listen('', redis);
    expect(await requireRedis(`redis://127.0.0.1:${port}`)).toBe(`127.0.0.1:${port}`);
    expect(await requireRedis(`redis://:p%20s@127.0.0.1:${port}`)).toBe(`127.0.0.1:${port}`);
  });

  it.each([
    [
      'refuses the password',
      '-WRONGPASS invalid\r\n-NOAUTH Authentication required.\r\n',
      'Redis refuses: WRONGPASS',
    ],
    ['requires a password', '-NOAUTH Authentication required.\r\n', 'Redis refuses: NOAUTH'],
    ['still loads', '+OK\r\n-LOADING Redis is loading\r\n', 'Redis refuses: LOADING'],
    ['is something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not Redis'],
  ])('names the problem with a server that %s', async (_, respond, message) => {
    const port = await listen('', () => respond);
    await expect(requireRedis(`redis://:x@127.0.0.1:${port}`)).rejects.toEqual(refusal(message));
  });
});
