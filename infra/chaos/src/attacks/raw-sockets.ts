import { connect, type Socket } from 'node:net';
import type { AttackContext } from './attack.ts';

const BATCH = 200;

export interface OpenSockets {
  readonly sockets: readonly Socket[];
  /** The first bytes of each response, at most 200 per socket. */
  readonly responses: () => readonly string[];
  /** The number of sockets that the other side has not closed. */
  readonly open: () => number;
  readonly close: () => void;
}

/**
 * Opens sockets to the gateway, writes the same bytes to each, and keeps them open. A socket that is refused
 * counts as closed. `reads: false`: no response is read.
 */
export async function openSockets(
  { host, port, from }: Pick<AttackContext, 'host' | 'port' | 'from'>,
  count: number,
  bytes: string,
  { reads = true } = {},
): Promise<OpenSockets> {
  const sockets: Socket[] = [];
  const heads = new Map<Socket, string>();
  for (let opened = 0; opened < count; opened += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - opened) }, async () => {
      const socket = connect({ port, host, localAddress: from });
      sockets.push(socket);
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        socket.once('connect', resolve);
        socket.once('close', () => resolve());
      });
      if (reads)
        socket.on('data', (data) => {
          const head = heads.get(socket) ?? '';
          if (head.length < 200) heads.set(socket, head + data.toString('latin1').slice(0, 200));
        });
      else socket.pause();
      socket.write(bytes);
    });
    await Promise.all(batch);
  }
  return {
    sockets,
    responses: () => [...heads.values()],
    open: () => sockets.filter(({ closed, readyState }) => !closed && readyState === 'open').length,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** How often each status came first on a socket; `none` for sockets without a response. */
export function statusesOf({ sockets, responses }: OpenSockets): string {
  const counts = new Map<string, number>();
  const heads = responses();
  for (const head of heads) {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 'other';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  if (heads.length < sockets.length) counts.set('none', sockets.length - heads.length);
  return [...counts].map(([status, count]) => `${count} x ${status}`).join(', ');
}
