import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { layoutOf } from '../src/files/layout.ts';
import { mailSpec } from '../src/servers/mail.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { ensureSecrets, type Secrets } from '../src/settings/secrets.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';

let folder: string;
let page: string;
let smtpPort: number;
let secrets: Secrets;
let supervisor: Supervisor;
let mailFolder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mail-'));
  const layout = layoutOf(folder, folder);
  mailFolder = layout.mail;
  secrets = ensureSecrets(layout.secrets);
  const ports = new PortAllocator();
  smtpPort = await ports.take();
  const pagePort = await ports.take();
  page = `http://127.0.0.1:${pagePort}`;
  supervisor = new Supervisor({
    logs: layout.logs,
    state: layout.state,
    marker: folder,
    instance: async () => null,
  });
  const mail = supervisor.add(mailSpec({ layout, secrets, smtpPort, pagePort }));
  await mail.start();
  await mail.whenRunning(10_000);
});
afterEach(async () => {
  await supervisor.killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends each line when the server has responded to the previous one. */
function sendMail(lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(smtpPort, '127.0.0.1');
    const left = [...lines];
    let responses = '';
    socket.on('data', (chunk) => {
      responses += chunk;
      if (!/^\d{3} .*\r\n$/m.test(chunk.toString())) return;
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
    socket.on('close', () => resolve(responses));
    socket.on('error', reject);
  });
}
const files = () => readdirSync(mailFolder).sort();
const json = () =>
  JSON.parse(readFileSync(join(mailFolder, files().find((name) => name.endsWith('.json')) ?? ''), 'utf8'));

describe('the mail sink', () => {
  it('stores an email in its original and its decoded form, and shows it', async () => {
    await sendMail([
      'EHLO test',
      'MAIL FROM:<portal@example.com>',
      'RCPT TO:<admin@example.com>',
      'RCPT TO:<hidden@example.com>',
      'DATA',
      [
        'From: Portal <portal@example.com>',
        'To: admin@example.com',
        'Subject: =?utf-8?q?=5BAUTO-RESOLVED=5D_billing_=E2=9C=93?=',
        'Message-ID: <inc_1@example.com>',
        '',
        '<b>billing</b> was restarted',
        '.',
      ].join('\r\n'),
      'QUIT',
    ]);
    await eventually(() => expect(files()).toHaveLength(2));
    expect(json()).toMatchObject({
      kind: 'email',
      sent: true,
      from: 'portal@example.com',
      to: ['admin@example.com', 'hidden@example.com'],
      subject: '[AUTO-RESOLVED] billing ✓',
      text: expect.stringContaining('<b>billing</b> was restarted'),
      message_id: '<inc_1@example.com>',
      received_at: expect.stringMatching(/Z$/),
    });
    const list = await (await fetch(page)).text();
    expect(list).toContain('[AUTO-RESOLVED] billing ✓');
    const path = /href="(\/messages\/[^"]+)"/.exec(list)?.[1] ?? '';
    const shown = await fetch(`${page}${path}`);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await shown.text()).toContain('&lt;b&gt;billing&lt;/b&gt; was restarted');
    expect(await (await fetch(`${page}${path}.eml`)).text()).toContain('Message-ID: <inc_1@example.com>');
  });

  it('stores an SMS as not sent, for a caller with the token', async () => {
    const body = JSON.stringify({ to: '+491511', text: 'billing is down' });
    const post = (token: string) =>
      fetch(`${page}/sms`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
    expect((await post('wrong')).status).toBe(401);
    expect(files()).toEqual([]);
    expect((await post(secrets.sms_token)).status).toBe(201);
    expect(json()).toMatchObject({ kind: 'sms', sent: false, to: ['+491511'], text: 'billing is down' });
    expect(await (await fetch(page)).text()).toContain('SMS, not sent');
  });

  it.each(['{', '{}', '{"to":[],"text":"x"}', '{"to":[1],"text":"x"}', '{"to":"+49"}'])(
    'refuses %s',
    async (body) => {
      const headers = { authorization: `Bearer ${secrets.sms_token}` };
      expect((await fetch(`${page}/sms`, { method: 'POST', body, headers })).status).toBe(400);
      expect(files()).toEqual([]);
    },
  );

  it('shows nothing outside of its folder, and nothing for a foreign host name', async () => {
    for (const path of ['/messages/..%2f..%2fsecrets', '/messages/../secrets.json', '/messages/x']) {
      expect((await fetch(`${page}${path}`)).status).toBe(404);
    }
    const status = await new Promise((resolve) => {
      get(page, { headers: { host: 'rebound.example.com' } }, (reply) => resolve(reply.resume().statusCode));
    });
    expect(status).toBe(403);
  });

  it.each([
    ['as the sender says', ' SIZE=104857600', 0],
    ['as it turns out', '', 100],
  ])('refuses a mail of 100 MB with 552, %s, and continues', async (_when, size, megabytes) => {
    const body = `${'x'.repeat(998)}\r\n`.repeat(1_049);
    const response = await new Promise<string>((resolve, reject) => {
      const socket = connect(smtpPort, '127.0.0.1');
      let responses = '';
      let step = 0;
      const lines = ['EHLO test', `MAIL FROM:<a@example.com>${size}`, 'RCPT TO:<b@example.com>', 'DATA'];
      const send = async () => {
        for (let sent = 0; sent < megabytes; sent++) {
          if (!socket.write(body)) await new Promise((drained) => socket.once('drain', drained));
        }
        socket.write('.\r\n');
      };
      socket.on('data', (chunk) => {
        responses += chunk;
        if (!/^\d{3} .*\r\n$/m.test(chunk.toString())) return;
        if (/^(5|250 .*[Qq]ueued)/.test(chunk.toString())) socket.end();
        else if (step < lines.length) socket.write(`${lines[step++]}\r\n`);
        else void send();
      });
      socket.on('close', () => resolve(responses));
      socket.on('error', reject);
    });
    expect(response).toMatch(/^552/m);
    expect(files()).toEqual([]);
    expect((await fetch(`${page}/livez`)).status).toBe(200);
    expect(supervisor.find('mail').restarts).toBe(0);
  });

  it.each(['<style', '<a'])(
    'handles a megabyte of %s quickly',
    async (part) => {
      const html = `${part.repeat(60)}\r\n`.repeat(1_000_000 / (part.length * 60));
      const head = ['From: a@example.com', 'Subject: long', 'Content-Type: text/html', '', ''].join('\r\n');
      const sent = sendMail([
        'EHLO test',
        'MAIL FROM:<a@example.com>',
        'RCPT TO:<b@example.com>',
        'DATA',
        `${head}${html}.`,
        'QUIT',
      ]);
      await sent;
      expect(files()).toHaveLength(2);
      expect(supervisor.find('mail').restarts).toBe(0);
    },
    10_000,
  );

  it('leaves no token in its log, and stores mails for this user only', async () => {
    const headers = { authorization: 'Bearer a-wrong-token', cookie: 'session=secret' };
    await fetch(`${page}/sms`, { method: 'POST', body: '{', headers });
    await fetch(`${page}/messages/x`, { headers });
    await fetch(`${page}/sms`, {
      method: 'POST',
      body: JSON.stringify({ to: '+491511', text: 'x' }),
      headers: { authorization: `Bearer ${secrets.sms_token}` },
    });
    expect(readFileSync(supervisor.find('mail').log, 'utf8')).not.toMatch(/wrong-token|secret|Bearer/);
    for (const name of files()) expect(statSync(join(mailFolder, name)).mode & 0o777).toBe(0o600);
    expect(files()).toHaveLength(1);
  });
});
