import { hostAndPort } from './host-and-port.ts';
import { bad, good, type ProbeResult } from './probe.ts';
import { tcpDialogue } from './tcp-dialogue.ts';

const PROTOCOL_3 = 196_608;

/**
 * Sends a startup packet and reads the first response: `R` requests a password, so the server accepts
 * sessions. `E` is a refusal, as while it recovers (57P03) or has no connection left (53300). No session is
 * begun.
 */
export async function probePostgres(url: string, timeoutMs: number): Promise<ProbeResult> {
  const { host, port } = hostAndPort(url, 5432);
  const { username, pathname } = new URL(url);
  const user = decodeURIComponent(username) || 'postgres';
  const database = decodeURIComponent(pathname.slice(1)) || user;
  try {
    await tcpDialogue({
      host,
      port,
      timeoutMs,
      opening: startupPacket({ user, database, application_name: 'healer-probe' }),
      onData: (received) => {
        const kind = String.fromCharCode(received[0] ?? 0);
        if (kind === 'R') return 'R';
        if (kind !== 'E') throw new Error('it does not speak the protocol of PostgreSQL');
        if (received.length < 5 || received.length < received.readInt32BE(1) + 1) return null;
        throw new Error(refusal(received));
      },
    });
    return good('PostgreSQL accepts sessions');
  } catch (error) {
    return bad(`PostgreSQL: ${(error as Error).message}`);
  }
}

function startupPacket(parameters: Record<string, string>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`, 'utf8');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}

function refusal(packet: Buffer): string {
  const fields = packet.subarray(5).toString('utf8').split('\0');
  const code = fields.find((field) => field.startsWith('C'))?.slice(1) ?? 'unknown';
  const text = fields.find((field) => field.startsWith('M'))?.slice(1) ?? '';
  return `it refuses with ${code} ${text}`.slice(0, 200);
}
