import { connect } from 'node:net';

export interface RawResponse {
  readonly text: string;
  /** The status of the first response; 0 when the connection ended without one. */
  readonly status: number;
  readonly tookMs: number;
}

/** Writes bytes to a port unchanged, and reads until the other side closes or `timeoutMs` are over. */
export function rawRequest(
  port: number,
  parts: readonly (string | Buffer)[],
  { timeoutMs = 3000, everyMs = 0 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<RawResponse> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(limit);
      socket.destroy();
      resolve({
        text,
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        tookMs: performance.now() - begun,
      });
    };
    const limit = setTimeout(settle, timeoutMs);
    const send = (index: number): void => {
      const part = parts[index];
      if (part === undefined || socket.destroyed) return;
      socket.write(part, () => {
        timer = setTimeout(() => send(index + 1), everyMs);
      });
    };
    socket.on('connect', () => send(0));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', settle);
    socket.on('close', settle);
  });
}
