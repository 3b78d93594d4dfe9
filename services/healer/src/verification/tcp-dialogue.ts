import { connect } from 'node:net';

export interface Dialogue {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Sent at once after connecting. */
  readonly opening?: Buffer | string;
  /** Called with everything received so far: returns the result, or null to wait for more; may reply. */
  readonly onData: (received: Buffer, reply: (bytes: string) => void) => string | null;
}

const MAX_BYTES = 64 * 1024;

/**
 * A short dialogue with a server in its own protocol, without a client library: a pool that reconnects by
 * itself must not hide that the server is unhealthy. Resolves with the result of `onData`; rejects when the
 * server refuses, closes, sends too much or is not done in time.
 */
export function tcpDialogue({ host, port, timeoutMs, opening, onData }: Dialogue): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => end(new Error(`no response within ${timeoutMs} ms`)), timeoutMs);
    let received = Buffer.alloc(0);
    const end = (error: Error | null, response = ''): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.destroy();
      if (error) reject(error);
      else resolve(response);
    };
    socket.on('connect', () => {
      if (opening !== undefined) socket.write(opening);
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > MAX_BYTES) return end(new Error('the response is too long'));
      try {
        const response = onData(received, (bytes) => socket.write(bytes));
        if (response !== null) end(null, response);
      } catch (error) {
        end(error as Error);
      }
    });
    socket.on('error', (error) => end(error));
    socket.on('close', () => end(new Error('the connection was closed')));
  });
}
