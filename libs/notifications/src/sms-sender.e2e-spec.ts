import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { allowedMs } from '@gridworks/testing/load';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshEnvironment } from '../test/fresh-environment.ts';
import { SinkSmsSender, TwilioSmsSender } from './sms-sender.ts';

interface Call {
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}

const sms = { to: '+4915112345678', text: '[ACTION NEEDED] postgres is away' };

/** The server's behaviour: it responds, is silent, or cuts the connection once it has read the request. */
type ScriptedResponse = { status: number; body: object; headers?: Record<string, string> } | 'hang' | 'cut';

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  expect(error.message).not.toContain('hunter2');
  return error.code;
}

/** The part of Twilio's API that is needed, over real HTTP. */
describe('SMS', () => {
  let server: Server;
  let baseUrl: string;
  let calls: Call[] = [];
  let scripted: ScriptedResponse;
  /** The responses to the first calls instead, in turn. */
  let atFirst: ScriptedResponse[];
  let environment: ReturnType<typeof freshEnvironment>;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      calls.push({ url: request.url, authorization: request.headers.authorization, body });
      const now = atFirst.shift() ?? scripted;
      if (now === 'hang') return;
      if (now === 'cut') {
        request.socket.destroy();
        return;
      }
      response
        .writeHead(now.status, { 'content-type': 'application/json', ...now.headers })
        .end(JSON.stringify(now.body));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls = [];
    atFirst = [];
    environment = freshEnvironment();
    scripted = { status: 201, body: { sid: 'SM1', status: 'queued' } };
  });

  const page = (token: string) =>
    new SinkSmsSender({ service: 'spec', environment, url: `${baseUrl}/sms`, token });
  const twilio = (url = baseUrl) =>
    new TwilioSmsSender({
      service: 'spec',
      environment,
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'hunter2',
      from: '+15005550006',
      baseUrl: url,
      timeoutMs: 500,
    });

  it('sends by Twilio and returns its id', async () => {
    expect(await twilio().send(sms)).toEqual({ sent: true, id: 'SM1' });
    expect(calls).toHaveLength(1);
    expect(calls[0]!.url).toBe(`/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`);
    expect(calls[0]!.authorization).toBe(`Basic ${btoa(`AC${'0'.repeat(32)}:hunter2`)}`);
    expect(Object.fromEntries(new URLSearchParams(calls[0]!.body))).toEqual({
      To: sms.to,
      From: '+15005550006',
      Body: sms.text,
    });
  });

  it.each([
    [400, 'NOTIFICATIONS.REFUSED'],
    [401, 'NOTIFICATIONS.REFUSED'],
    [500, 'NOTIFICATIONS.UNCERTAIN'],
    [503, 'NOTIFICATIONS.UNCERTAIN'],
  ])('treats %i by its meaning, and sends once only', async (status, code) => {
    scripted = { status, body: { code: status < 500 ? 21211 : 20500, message: 'no', status } };
    expect(await failure(twilio().send(sms))).toBe(code);
    expect(calls).toHaveLength(1);
  });

  it('reports as uncertain a message without a response, and does not send it again', async () => {
    scripted = 'hang';
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    scripted = 'cut';
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    expect(calls).toHaveLength(2);
    expect(await failure(page('page-token').send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    expect(calls).toHaveLength(3);
  });

  const tooMany = (seconds: string): ScriptedResponse => ({
    status: 429,
    body: { code: 20429, message: 'Too Many Requests', status: 429 },
    headers: { 'retry-after': seconds },
  });

  it('waits as long as Twilio requests, and sends it once', async () => {
    atFirst = [tooMany('1')];
    const began = performance.now();
    expect(await twilio().send(sms)).toEqual({ sent: true, id: 'SM1' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
    expect(calls).toHaveLength(2);
    expect(environment.records).toMatchObject([
      { source: 'spec.sms.send', decision: { kind: 'rate_limited' }, healedBy: 'RATE_LIMIT_BACKOFF' },
    ]);
  });

  it('does not wait longer than the time limit of an SMS', async () => {
    scripted = tooMany('60');
    const began = performance.now();
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.DEFERRED');
    expect(performance.now() - began).toBeLessThan(allowedMs(1_000));
    expect(calls).toHaveLength(1);
  });

  it('reports as uncertain a message whose second attempt got no response, although the first was refused', async () => {
    atFirst = [tooMany('0'), 'cut'];
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['cut', () => twilio()],
    ['hang', () => twilio()],
    [{ status: 500, body: { code: 20500, message: 'no', status: 500 } }, () => twilio()],
    ['hang', () => twilio('http://127.0.0.1:1')],
  ] as const)('logs neither number nor text nor key when it fails (%j)', async (what, sender) => {
    scripted = what;
    const error: unknown = await sender()
      .send(sms)
      .catch((reason: unknown) => reason);
    let logged = '';
    const destination = {
      write(line: string) {
        logged += line;
      },
    };
    createLogger({ service: 'spec', instance: 'spec', destination }).log('sms.send_failed', { error });
    expect(logged).toMatch(/NOTIFICATIONS\.(UNCERTAIN|DEFERRED)/);
    expect(logged).not.toMatch(/4915112345678|ACTION|hunter2/);
  });

  it('sends again when nothing listens, since nothing received the message', async () => {
    expect(await failure(twilio('http://127.0.0.1:1').send(sms))).toBe('NOTIFICATIONS.DEFERRED');
    expect(environment.sites()).toMatchObject([{ source: 'spec.sms.send', calls: 1, repeats: 2 }]);
    expect(environment.records[0]).toMatchObject({
      decision: { kind: 'connection_refused' },
      steps: expect.arrayContaining([
        expect.objectContaining({ strategy: 'RETRY_WITH_BACKOFF', outcome: 'failed' }),
      ]),
    });
  });

  it('without an account shows it on the local page and does not report it as sent', async () => {
    expect(await page('page-token').send(sms)).toEqual({
      sent: false,
      id: null,
    });
    expect(calls).toEqual([
      {
        url: '/sms',
        authorization: 'Bearer page-token',
        body: JSON.stringify({ to: [sms.to], text: sms.text }),
      },
    ]);
    scripted = { status: 401, body: {} };
    expect(await failure(page('wrong').send(sms))).toBe('NOTIFICATIONS.REFUSED');
  });
});
