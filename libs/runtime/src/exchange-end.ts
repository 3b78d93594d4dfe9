import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Slots } from '@gridworks/bus';

/** The callbacks for the open exchanges of a connection. */
const openOn = new WeakMap<Socket, Slots<() => void>>();

/**
 * Calls back exactly once when a request is over: its response was sent or given up, or its connection is
 * gone. The event `close` of a response is not enough: a response that waits behind others of its connection
 * (pipelining) emits none when that connection ends.
 */
export function onExchangeEnd(
  request: IncomingMessage,
  response: ServerResponse,
  listener: () => void,
): void {
  const { socket } = request;
  const open = openOn.get(socket) ?? watch(socket);
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    open.delete(slot);
    listener();
  };
  const slot = open.add(end);
  response.once('close', end);
  if (socket.closed) queueMicrotask(end);
}

function watch(socket: Socket): Slots<() => void> {
  const open = new Slots<() => void>();
  openOn.set(socket, open);
  socket.once('close', () => {
    for (const end of open) end();
  });
  return open;
}
