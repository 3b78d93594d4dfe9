import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@gridworks/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SinkSmsSender, TwilioSmsSender } from './sms-sender.ts';

interface Call {
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}

const sms = { to: '+4915112345678', text: '[ACTION NEEDED] postgres is away' };

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  expect(error.message).not.toContain('hunter2');
  return error.code;
}

/** The few words of Twilio's API that are needed, over real HTTP. */
describe('SMS', () => {
  let server: Server;
  let baseUrl: string;
  let calls: Call[] = [];
  let answer: { status: number; body: object } | 'hang' | 'cut';

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      calls.push({ url: request.url, authorization: request.headers.authorization, body });
      if (answer === 'hang') return;
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
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
    answer = { status: 201, body: { sid: 'SM1', status: 'queued' } };
  });

  const twilio = (url = baseUrl) =>
    new TwilioSmsSender({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: 'hunter2',
      from: '+15005550006',
      baseUrl: url,
      timeoutMs: 500,
    });

  it('sends by Twilio and answers its id', async () => {
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
    [429, 'NOTIFICATIONS.DEFERRED'],
    [500, 'NOTIFICATIONS.DEFERRED'],
    [503, 'NOTIFICATIONS.DEFERRED'],
  ])('knows what %i means, and asks once only', async (status, code) => {
    answer = { status, body: { code: 21211, message: 'no', status } };
    expect(await failure(twilio().send(sms))).toBe(code);
    expect(calls).toHaveLength(1);
  });

  it('does not claim to know what became of a message without an answer', async () => {
    answer = 'hang';
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    answer = 'cut';
    expect(await failure(twilio().send(sms))).toBe('NOTIFICATIONS.UNCERTAIN');
    expect(await failure(twilio('http://127.0.0.1:1').send(sms))).toBe('NOTIFICATIONS.DEFERRED');
  });

  it('without an account shows it on the local page and does not say that it was sent', async () => {
    expect(await new SinkSmsSender(`${baseUrl}/sms`, 'page-token').send(sms)).toEqual({
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
    answer = { status: 401, body: {} };
    expect(await failure(new SinkSmsSender(`${baseUrl}/sms`, 'wrong').send(sms))).toBe(
      'NOTIFICATIONS.REFUSED',
    );
  });
});
