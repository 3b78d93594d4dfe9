import { hostAndPort } from './host-and-port.ts';
import { bad, good, type ProbeResult } from './probe.ts';
import { tcpDialogue } from './tcp-dialogue.ts';

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/**
 * AUTH when the URL has a password, then PING. `-LOADING`, while Redis reads its data, is not healthy yet.
 */
export async function probeRedis(url: string, timeoutMs: number): Promise<ProbeResult> {
  const { host, port } = hostAndPort(url, 6379);
  const { username, password } = new URL(url);
  const user = decodeURIComponent(username);
  const secret = decodeURIComponent(password);
  const auth = secret ? command('AUTH', ...(user ? [user] : []), secret) : '';
  const expected = secret ? 2 : 1;
  try {
    await tcpDialogue({
      host,
      port,
      timeoutMs,
      opening: auth + command('PING'),
      onData: (received) => {
        const lines = received.toString('utf8').split('\r\n').slice(0, -1);
        const error = lines.find((line) => line.startsWith('-'));
        if (error) throw new Error(error.slice(1, 200));
        if (lines.length < expected) return null;
        if (lines[expected - 1] !== '+PONG') throw new Error('it does not respond as Redis does');
        return 'PONG';
      },
    });
    return good('Redis responded to a ping');
  } catch (error) {
    return bad(`Redis: ${(error as Error).message}`);
  }
}
