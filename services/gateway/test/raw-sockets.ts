import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawSocket {
  readonly socket: Socket;
  /** The first kilobytes that were received. */
  text(): string;
  isOpen(): boolean;
}

export interface RawSocketOptions {
  /**
   * The local address of the sockets: another network address of this host than that of the tests' own calls.
   */
  readonly from?: string;
  /** When true, nothing that the server sends is read. */
  readonly isPaused?: boolean;
}

const KEPT = 4000;
const AT_ONCE = 100;

/** Opens sockets and writes the same text to each. Refused sockets are in the result, closed. */
export async function openSockets(
  port: number,
  count: number,
  text: string,
  { from = '127.0.0.2', isPaused = false }: RawSocketOptions = {},
): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  while (sockets.length < count) {
    const batch = Math.min(AT_ONCE, count - sockets.length);
    sockets.push(
      ...(await Promise.all(Array.from({ length: batch }, () => open(port, text, from, isPaused)))),
    );
  }
  return sockets;
}

/** Closes the sockets at once. */
export async function closeSockets(sockets: readonly RawSocket[]): Promise<void> {
  for (const { socket } of sockets) socket.destroy();
  await sleep(50);
}

function open(port: number, text: string, localAddress: string, isPaused: boolean): Promise<RawSocket> {
  return new Promise((resolve) => {
    let got = '';
    let open = true;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    const one: RawSocket = { socket, text: () => got, isOpen: () => open };
    socket.on('close', () => {
      open = false;
      resolve(one);
    });
    // A refused or reset connection is a result here; `close` follows.
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      if (isPaused) socket.pause();
      else
        socket.on('data', (chunk: Buffer) => {
          if (got.length < KEPT) got += chunk.toString('latin1');
        });
      socket.write(text, () => resolve(one));
    });
  });
}
