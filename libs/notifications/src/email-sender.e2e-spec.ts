import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { AppError } from '@gridworks/contracts';
import { allowedMs, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshEnvironment } from '../test/fresh-environment.ts';
import type { Email } from './email.ts';
import { SmtpEmailSender } from './email-sender.ts';

const mail: Email = {
  to: ['ada@example.com', 'grace@example.com'],
  subject: 'Grüße: 3 € gespart',
  text: 'plain\nand simple',
  html: '<p>plain</p>',
  messageId: '<inc_1.resolved@portal.example>',
};

async function failure(
  promise: Promise<unknown>,
): Promise<{ code: string; retryable: boolean; tookMs: number }> {
  const started = performance.now();
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, retryable: error.retryable, tookMs: performance.now() - started };
}

describe('SmtpEmailSender', () => {
  let smtp: SmtpServerHandle;
  let sender: SmtpEmailSender;

  beforeAll(async () => {
    smtp = await startSmtp();
  });
  afterAll(() => smtp.stop());
  beforeEach(() => {
    smtp.clear();
    sender = new SmtpEmailSender({
      service: 'spec',
      url: smtp.url,
      from: 'Portal <portal@example.com>',
      environment: freshEnvironment(),
    });
  });
  afterEach(() => {
    smtp.reject(null);
    smtp.hang(false);
    sender.close();
  });

  it('sends text and HTML to all recipients, under the given message id', async () => {
    const receipt = await sender.send(mail);
    expect(receipt).toEqual({ messageId: mail.messageId, accepted: mail.to, refused: [] });
    expect(smtp.messages).toHaveLength(1);
    expect(smtp.messages[0]).toMatchObject({
      from: 'portal@example.com',
      to: mail.to,
      subject: mail.subject,
    });
    expect(smtp.messages[0]!.headers['message-id']).toBe(mail.messageId);
    expect(JSON.stringify(smtp.messages[0])).toContain('and simple');
  });

  it('lets no subject, header or address add a header or a recipient', async () => {
    await sender.send({
      ...mail,
      to: ['ada@example.com'],
      subject: 'Hello\r\nBcc: mallory@example.com\n\nbody of mine\u2028x\u0000',
      headers: { 'X-Incident-Id': 'inc_1\r\nBcc: mallory@example.com' },
    });
    const [message] = smtp.messages;
    expect(message!.to).toEqual(['ada@example.com']);
    expect(message!.headers).not.toHaveProperty('bcc');
    expect(message!.subject).toBe('Hello Bcc: mallory@example.com body of mine x');
    for (const broken of [
      { messageId: '<a@b>\r\nBcc: m@example.com' },
      { inReplyTo: 'no brackets' },
      { headers: { 'X\r\nBcc': 'm@example.com' } },
      { to: [] },
    ])
      expect((await failure(sender.send({ ...mail, ...broken }))).code).toBe('NOTIFICATIONS.REFUSED');
    expect(smtp.messages).toHaveLength(1);
  });

  it('distinguishes a temporary refusal from a permanent one', async () => {
    smtp.reject(451);
    expect(await failure(sender.send(mail))).toMatchObject({
      code: 'NOTIFICATIONS.DEFERRED',
      retryable: true,
    });
    smtp.reject(550);
    expect(await failure(sender.send(mail))).toMatchObject({
      code: 'NOTIFICATIONS.REFUSED',
      retryable: false,
    });
    smtp.reject(null);
    await sender.send(mail);
    expect(smtp.messages).toHaveLength(1); // the library sent neither of the refused ones again
  });

  it('reports as uncertain a mail after which the server fell silent', async () => {
    smtp.hang(true);
    const { code, tookMs } = await failure(sender.send(mail));
    expect(code).toBe('NOTIFICATIONS.UNCERTAIN');
    expect(tookMs).toBeLessThan(allowedMs(7000));
  });

  it('waits neither for a server that is away nor for one without a greeting', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const other = new SmtpEmailSender({
      service: 'spec',
      url: `smtp://127.0.0.1:${port}`,
      from: 'portal@example.com',
      environment: freshEnvironment(),
    });
    const hung = await failure(other.send(mail));
    expect(hung).toMatchObject({ code: 'NOTIFICATIONS.DEFERRED' });
    expect(hung.tookMs).toBeLessThan(allowedMs(10_200)); // three attempts
    silent.close();
    const away = await failure(other.send(mail));
    expect(away).toMatchObject({ code: 'NOTIFICATIONS.DEFERRED' });
    expect(away.tookMs).toBeLessThan(allowedMs(5000));
    other.close();
  }, 20_000);

  it('sends many mails at once, each once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_one, at) =>
        sender.send({ ...mail, messageId: `<many-${at}@portal.example>` }),
      ),
    );
    expect(new Set(smtp.messages.map(({ headers }) => headers['message-id'])).size).toBe(20);
    expect(smtp.messages).toHaveLength(20);
  });
});
