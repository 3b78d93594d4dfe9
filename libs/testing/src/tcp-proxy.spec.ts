import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

/** A client that records everything it receives. */
function dial(port: number) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const seen = { bytes: '', chunks: 0, closed: '' };
  socket.on('data', (chunk: Buffer) => {
    seen.bytes += chunk.toString();
    seen.chunks++;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.closed = error.code ?? 'error';
  });
  socket.on('close', () => {
    seen.closed ||= 'end';
  });
  return { socket, seen };
}

async function until(condition: () => boolean, ms = 2000): Promise<void> {
  for (const end = Date.now() + ms; !condition(); ) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('tcpProxy', () => {
  let echo: Server;
  let port: number;
  const accepted = new Set<Socket>();
  let proxy: TcpProxy;
  beforeAll(async () => {
    echo = createServer({ noDelay: true }, (socket) => {
      accepted.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => accepted.delete(socket));
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    port = (echo.address() as { port: number }).port;
  });
  afterAll(() => new Promise((resolve) => echo.close(resolve)));
  beforeEach(async () => {
    proxy = await tcpProxy({ target: port });
  });
  afterEach(() => proxy.stop());

  async function open() {
    const client = dial(proxy.port);
    client.socket.write('hi.');
    await until(() => client.seen.bytes === 'hi.');
    return client;
  }

  it('forwards bytes and the end of a connection, and inserts its own address into a URL', async () => {
    const client = await open();
    client.socket.end();
    await until(() => client.seen.closed === 'end' && proxy.connections() === 0);
    expect(accepted.size).toBe(0);
    expect(proxy.through('postgres://a:b@localhost:5432/c?d=e')).toBe(
      `postgres://a:b@127.0.0.1:${proxy.port}/c?d=e`,
    );
  });

  it('forwards a megabyte unchanged', async () => {
    const client = await open();
    const big = 'x'.repeat(1_000_000);
    client.socket.write(big);
    await until(() => client.seen.bytes.length === big.length + 3, 5000);
    client.socket.destroy();
  });

  it('delays, in both directions and in order', async () => {
    const client = await open();
    proxy.latency(100);
    const began = performance.now();
    client.socket.write('a');
    setTimeout(() => client.socket.write('b'), 20);
    await until(() => client.seen.bytes === 'hi.ab');
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(195);
    expect(took).toBeLessThan(320); // each chunk has its own delay: 220, not 400
    client.socket.destroy();
  });

  it('cuts with a reset on both sides', async () => {
    const client = await open();
    proxy.cut();
    await until(() => client.seen.closed === 'ECONNRESET' && accepted.size === 0);
  });

  it('refuses new connections only', async () => {
    const old = await open();
    proxy.refuse(true);
    const fresh = dial(proxy.port);
    await until(() => fresh.seen.closed === 'ECONNRESET');
    old.socket.write('still');
    await until(() => old.seen.bytes.endsWith('still'));
    old.socket.destroy();
  });

  it('drops bytes in a black hole, of new connections too, and resets connections that lost bytes when it ends', async () => {
    const client = await open();
    proxy.blackhole(true);
    client.socket.write('lost');
    const fresh = dial(proxy.port);
    fresh.socket.write('lost too');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.seen).toEqual({ bytes: 'hi.', chunks: 1, closed: '' });
    expect(fresh.seen).toEqual({ bytes: '', chunks: 0, closed: '' });
    proxy.blackhole(false);
    await until(() => client.seen.closed === 'ECONNRESET' && fresh.seen.closed === 'ECONNRESET');
    (await open()).socket.destroy();
  });

  it('leaves a connection half open: the server has gone, the client does not notice', async () => {
    const client = await open();
    proxy.halfOpen();
    await until(() => accepted.size === 0);
    client.socket.write('nobody there');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.seen).toEqual({ bytes: 'hi.', chunks: 1, closed: '' });
    client.socket.destroy();
  });

  it('slices, limits and slows down', async () => {
    const client = await open();
    proxy.slice(1);
    client.socket.write('12345678');
    await until(() => client.seen.bytes === 'hi.12345678');
    expect(client.seen.chunks).toBeGreaterThan(3);
    proxy.slice(0);

    proxy.bandwidth(1000);
    const began = performance.now();
    client.socket.write('y'.repeat(100));
    client.socket.write('z');
    await until(() => client.seen.bytes.endsWith('z'));
    expect(performance.now() - began).toBeGreaterThan(100);
    proxy.bandwidth(0);

    const had = client.seen.bytes.length;
    proxy.limit(4);
    client.socket.write('abcdefgh');
    await until(() => client.seen.closed !== '');
    expect(client.seen.bytes.slice(had)).toBe('abcd');
  });
});
