import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppError } from '@gridworks/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ScriptedSmtp, startScriptedSmtp } from '../test/scripted-smtp.ts';
import { probeSmtp } from './probe-smtp.ts';
import { probeTwilio } from './probe-twilio.ts';

const failed = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: AppError) => error,
  );

describe('probeSmtp', () => {
  let smtp: ScriptedSmtp;
  beforeAll(async () => {
    smtp = await startScriptedSmtp();
  });
  afterAll(() => smtp.stop());

  it('greets the server over a new connection each time, and sends no mail', async () => {
    await probeSmtp(smtp.url, 2000);
    await probeSmtp(smtp.url, 2000);
    expect(smtp.moments).toMatchObject({ greeting: 2, ehlo: 2, mail: 0, body: 0 });
    expect(smtp.handedOver).toEqual([]);
  });

  it('fails when the server is silent, turns us away, or is gone', async () => {
    smtp.script = (moment) => (moment === 'greeting' ? 'silence' : undefined);
    expect(await failed(probeSmtp(smtp.url, 300))).toMatchObject({ code: 'NOTIFICATIONS.DEFERRED' });
    smtp.script = (moment) => (moment === 'greeting' ? '554 go away' : undefined);
    expect(await failed(probeSmtp(smtp.url, 2000))).toMatchObject({ code: 'NOTIFICATIONS.REFUSED' });
    smtp.script = () => undefined;
    await smtp.stop();
    expect(await failed(probeSmtp(smtp.url, 2000))).toMatchObject({ code: 'NOTIFICATIONS.DEFERRED' });
  });
});

describe('probeTwilio', () => {
  let server: Server;
  let baseUrl: string;
  let reply: { status: number; body: object };
  const requests: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response
        .writeHead(reply.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply.body));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });
  const probe = () => probeTwilio({ accountSid: 'ACtest', authToken: 'hunter2', baseUrl }, 2000);

  it('reads the account, and nothing else', async () => {
    reply = { status: 200, body: { sid: 'ACtest', status: 'active' } };
    await probe();
    expect(requests).toEqual(['GET /2010-04-01/Accounts/ACtest.json']);
  });

  it.each([
    ['refuses the token', 401, { code: 20003, message: 'Authenticate' }, 401],
    ['has closed the account', 200, { sid: 'ACtest', status: 'suspended' }, 403],
  ])('fails when Twilio %s', async (_what, status, body, expected) => {
    reply = { status, body };
    const error = await failed(probe());
    expect(error).toMatchObject({ code: 'NOTIFICATIONS.REFUSED', details: { status: expected } });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});
