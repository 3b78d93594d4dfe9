import { connect } from 'node:net';

/**
 * Sends Redis commands as lines and resolves with all responses: as an operator would, not through a client.
 */
export function redisLines(port: number, password: string, ...lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    socket.write([`AUTH ${password}`, ...lines, 'QUIT', ''].join('\r\n'));
  });
}
