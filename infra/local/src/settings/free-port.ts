import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take source ports of outgoing connections (Linux: 32768 up, macOS: 49152
 * up): the port of a server that restarts is free for a moment and must not become the source port of another
 * connection.
 */
const [lowest, highest] = [17_000, 32_000];

/** Whether a program can listen on a port, on all loopback interfaces of the system. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Allocates ports, each once; the previous port is used again when it is free. */
export class PortAllocator {
  readonly #given = new Set<number>();

  /** A free port; `previous` when that is free. */
  async take(previous?: number): Promise<number> {
    const candidates = previous === undefined ? [] : [previous];
    for (let tries = 0; tries < 200; tries++) candidates.push(randomInt(lowest, highest));
    for (const port of candidates) {
      if (this.#given.has(port) || !(await isFree(port))) continue;
      this.#given.add(port);
      return port;
    }
    throw new Error(`no free port between ${lowest} and ${highest}`);
  }
}
