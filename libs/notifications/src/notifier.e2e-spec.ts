import { AppError, newId } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { freshEnvironment } from '../test/fresh-environment.ts';
import { buildEscalated, buildIncident } from '../test/incident-builder.ts';
import { notificationConfig } from './notification.config.ts';
import { NOTIFICATION_DEFERRED } from './notification.errors.ts';
import { AdminNotifier } from './notifier.ts';
import type { Sms, SmsSender } from './sms-sender.ts';

const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });

class RecordingSms implements SmsSender {
  readonly sent: Sms[] = [];
  fails = false;
  async send(sms: Sms) {
    if (this.fails) throw new AppError(NOTIFICATION_DEFERRED);
    this.sent.push(sms);
    return { sent: true, id: 'SM1' };
  }
}

describe('AdminNotifier', () => {
  let smtp: SmtpServerHandle;
  let sms: RecordingSms;
  let notifier: AdminNotifier;

  beforeAll(async () => {
    smtp = await startSmtp();
  });
  afterAll(() => smtp.stop());
  beforeEach(() => {
    smtp.clear();
    sms = new RecordingSms();
    const config = z.object(notificationConfig).parse({
      SMTP_URL: smtp.url,
      ADMIN_EMAILS: 'ada@example.com, grace@example.com',
      ADMIN_PHONES: '+4915112345678',
      PORTAL_URL: 'http://portal.example',
    });
    notifier = new AdminNotifier(config, logger, { sms, environment: freshEnvironment() });
  });
  afterEach(() => {
    smtp.reject(null);
    notifier.close();
  });

  it('mails one message to all admins, and sends no SMS for a resolved incident', async () => {
    const receipt = await notifier.incident(buildIncident());
    expect(receipt).toMatchObject({
      refused: [],
      smsSent: 0,
      subject: expect.stringMatching(/^\[AUTO-RESOLVED\] /),
    });
    expect(smtp.messages).toHaveLength(1);
    expect(smtp.messages[0]).toMatchObject({
      to: ['ada@example.com', 'grace@example.com'],
      subject: receipt.subject,
    });
    expect(smtp.messages[0]!.headers).toMatchObject({
      'x-incident-id': 'inc_0UQ3kZ1aB7dEfGhIjKlMnO',
      'auto-submitted': 'auto-generated',
    });
    expect(sms.sent).toEqual([]);
  });

  it('also sends an SMS when a human must act; a failed SMS does not affect the mail', async () => {
    expect(await notifier.incident(buildEscalated())).toMatchObject({ smsSent: 1 });
    expect(sms.sent[0]!.text).toMatch(/^\[ACTION NEEDED\] .*\/admin\/healing\/incidents\/inc_/);
    sms.fails = true;
    const other = { ...buildEscalated(), id: newId('incident') };
    expect(await notifier.incident(other)).toMatchObject({ smsSent: 0 });
    expect(smtp.messages).toHaveLength(2);
  });

  it('sends the SMS while no mail server accepts the mail, and not again when the mail is sent', async () => {
    const incident = buildEscalated();
    smtp.reject(451);
    await expect(notifier.incident(incident)).rejects.toBeInstanceOf(AppError);
    await eventually(() => expect(sms.sent).toHaveLength(1));
    smtp.reject(null);
    expect(await notifier.incident(incident)).toMatchObject({ smsSent: 1 });
    expect(sms.sent).toHaveLength(1);
    expect(smtp.messages).toHaveLength(1);
  });

  it('says whether to retry, and uses the same message id then', async () => {
    smtp.reject(451);
    const error = await notifier.incident(buildIncident()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ retryable: true });
    smtp.reject(554);
    const never = await notifier.incident(buildIncident()).catch((reason: unknown) => reason);
    expect(never).toMatchObject({ retryable: false });
    smtp.reject(null);
    const one = await notifier.incident(buildIncident());
    const two = await notifier.incident(buildIncident({ revision: 10 }));
    expect(one.messageId).toBe(two.messageId);
  });

  it('refuses a configuration that could not work', () => {
    const read = (changes: object) =>
      z
        .object(notificationConfig)
        .safeParse({ SMTP_URL: 'smtp://h', ADMIN_EMAILS: 'a@example.com', ...changes }).success;
    expect(read({})).toBe(true);
    expect(read({ ADMIN_EMAILS: 'nobody' })).toBe(false);
    expect(read({ ADMIN_EMAILS: ' , ' })).toBe(false);
    expect(read({ ADMIN_PHONES: '0151' })).toBe(false);
    expect(read({ SMTP_URL: 'http://h' })).toBe(false);
    expect(read({ SMTP_BACKUP_URL: 'smtps://h2' })).toBe(true);
    expect(read({ SMTP_BACKUP_URL: 'http://h2' })).toBe(false);
    expect(read({ EMAIL_FROM: 'a@example.com\r\nBcc: b@example.com' })).toBe(false);
  });
});
