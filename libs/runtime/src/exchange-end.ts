import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The callbacks for the open exchanges of a connection. */
const openOn = new WeakMap<Socket, Set<() => void>>();

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
  let open = openOn.get(socket);
  if (!open) {
    const begun = new Set<() => void>();
    openOn.set(socket, begun);
    socket.once('close', () => {
      for (const end of begun) end();
    });
    open = begun;
  }
  const all = open;
  const end = (): void => {
    if (all.delete(end)) listener();
  };
  all.add(end);
  response.once('close', end);
  if (socket.closed) queueMicrotask(end);
}
