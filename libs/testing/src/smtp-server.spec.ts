import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmtpServerHandle, startSmtp } from './smtp-server.ts';

/**
 * Speaks SMTP without a library, so that only the server is under test. Returns the last line of the server.
 */
function send(port: number, message: string, giveUpMs = 2000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    const lines = [
      'EHLO test',
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<b@example.com>',
      'DATA',
      `${message}\r\n.`,
    ];
    socket.setTimeout(giveUpMs, () => {
      socket.destroy();
      resolve('silence');
    });
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      const last = chunk.toString().trim().split('\r\n').at(-1) ?? '';
      if (!/^\d{3} /.test(last)) return;
      const next = last.startsWith('5') || last.startsWith('4') ? undefined : lines.shift();
      if (next) socket.write(`${next}\r\n`);
      else {
        socket.end();
        resolve(last);
      }
    });
  });
}

const message = [
  'From: a@example.com',
  'Subject: =?UTF-8?Q?=5BAUTO-RESOLVED=5D_caf=C3=A9?=',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary="b1"',
  '',
  '--b1',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'billing was restarted=\r\n and is healthy',
  '--b1',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('<p>well</p>').toString('base64'),
  '--b1--',
].join('\r\n');

describe('startSmtp', () => {
  let server: SmtpServerHandle;
  beforeAll(async () => {
    server = await startSmtp();
  });
  afterAll(() => server.stop());

  it('collects messages, decoded', async () => {
    expect(await send(server.port, message)).toMatch(/^250 /);
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]).toMatchObject({ from: 'a@example.com', to: ['b@example.com'] });
    expect(server.messages[0]?.subject).toBe('[AUTO-RESOLVED] café');
    expect(server.messages[0]?.text.trim()).toBe('billing was restarted and is healthy');
    expect(server.messages[0]?.html).toBe('<p>well</p>');
  });

  it('refuses and hangs on demand, and stores no such message', async () => {
    server.clear();
    server.reject(451);
    expect(await send(server.port, message)).toMatch(/^451 /);
    server.reject(null);
    server.hang(true);
    expect(await send(server.port, message, 200)).toBe('silence');
    server.hang(false);
    expect(await send(server.port, message)).toMatch(/^250 /);
    expect(server.messages).toHaveLength(1);
  });
});
