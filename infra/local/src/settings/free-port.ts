import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take source ports of outgoing connections (Linux: 32768 up, macOS: 49152 up):
 * a port of ours that is free for a moment while its server restarts must not become somebody's source port.
 */
const [lowest, highest] = [17_000, 32_000];

/** Whether a port can be listened on, on all loopback interfaces that the system has. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Hands out ports, each once; the one that was used before is taken again when it is free. */
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
