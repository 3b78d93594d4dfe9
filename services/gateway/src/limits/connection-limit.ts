import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientNetwork } from '@gridworks/runtime';

export interface ConnectionLimit {
  /** Open connections that one network address may have. */
  readonly perAddress: number;
  /**
   * Whether the address is a trusted proxy's. A proxy holds the connections of all its clients and is not
   * bounded.
   */
  readonly isProxy: (address: string) => boolean;
}

/** Closes further connections of a network address that has too many, so that others can connect. */
export function limitConnections(server: Server, { perAddress, isProxy }: ConnectionLimit): void {
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isProxy(address)) return;
    const network = clientNetwork(address);
    const count = open.get(network) ?? 0;
    if (count >= perAddress) {
      socket.destroy();
      return;
    }
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 0) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
}
