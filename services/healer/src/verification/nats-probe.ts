import { hostAndPort } from './host-and-port.ts';
import { bad, good, type ProbeResult } from './probe.ts';
import { tcpDialogue } from './tcp-dialogue.ts';

export interface NatsAddress {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * NATS greets each connection: a server that accepts a connection without a greeting hangs. Returns the
 * server's id.
 */
export async function natsGreeting(address: NatsAddress, timeoutMs: number): Promise<string> {
  const { host, port } = hostAndPort(address.url, 4222);
  return tcpDialogue({
    host,
    port,
    timeoutMs,
    onData: (received) => {
      const line = firstLine(received);
      if (line === null) return null;
      return serverId(line);
    },
  });
}

/** INFO, CONNECT, PING, PONG: the server greets, accepts the user and works. */
export async function probeNats(address: NatsAddress, timeoutMs: number): Promise<ProbeResult> {
  const { host, port } = hostAndPort(address.url, 4222);
  let id: string | null = null;
  try {
    await tcpDialogue({
      host,
      port,
      timeoutMs,
      onData: (received, reply) => {
        const line = firstLine(received);
        if (line === null) return null;
        if (id === null) {
          id = serverId(line);
          const options = { verbose: false, pedantic: false, lang: 'probe', version: '1', protocol: 1 };
          const who = address.user ? { user: address.user, pass: address.password ?? '' } : {};
          reply(`CONNECT ${JSON.stringify({ ...options, ...who })}\r\nPING\r\n`);
        }
        const rest = received.toString('latin1');
        if (rest.includes('\r\n-ERR')) throw new Error('it refuses our user');
        return rest.includes('\r\nPONG\r\n') ? 'PONG' : null;
      },
    });
    return good('NATS responded to a ping', id);
  } catch (error) {
    return bad(`NATS: ${(error as Error).message}`);
  }
}

function firstLine(received: Buffer): string | null {
  const end = received.indexOf('\r\n');
  return end < 0 ? null : received.subarray(0, end).toString('utf8');
}

function serverId(line: string): string {
  if (!line.startsWith('INFO ')) throw new Error('it does not greet as NATS does');
  const { server_id } = JSON.parse(line.slice(5)) as { server_id?: unknown };
  return typeof server_id === 'string' ? server_id : 'unknown';
}
