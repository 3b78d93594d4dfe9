import { connect } from 'node:net';

/**
 * Whether the server accepts a connection and then does not respond: it hangs, and is not merely gone or
 * starting. Any response counts, also a request for a password. Never throws, and takes no longer than
 * `timeoutMs`.
 */
export function isSilent(url: string, timeoutMs: number): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port || 6379), hostname);
    const settle = (silent: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(silent);
    };
    const timer = setTimeout(() => settle(true), timeoutMs);
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('error', () => settle(false));
  });
}
