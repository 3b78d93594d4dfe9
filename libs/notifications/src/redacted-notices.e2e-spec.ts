import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@gridworks/observability';
import { type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { NEAR_MISSES, SECRETS } from '../../redaction/test/corpus.ts';
import { freshEnvironment } from '../test/fresh-environment.ts';
import { buildEscalated } from '../test/incident-builder.ts';
import { notificationConfig } from './notification.config.ts';
import { AdminNotifier } from './notifier.ts';

const HIDDEN = /\[(?:redacted|card|email|phone)\]/;
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Both over the network: mail to a mail server, SMS to the page that shows them. */
describe('mail and SMS about an incident', () => {
  let smtp: SmtpServerHandle;
  let notifier: AdminNotifier;
  const texts: string[] = [];
  const page = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    texts.push((JSON.parse(body) as { text: string }).text);
    response.end();
  });

  beforeAll(async () => {
    smtp = await startSmtp();
    await new Promise<void>((resolve) => {
      page.listen(0, '127.0.0.1', resolve);
    });
    const config = z.object(notificationConfig).parse({
      SMTP_URL: smtp.url,
      ADMIN_EMAILS: 'ada@example.com',
      ADMIN_PHONES: '+4915112345678',
      SMS_SINK_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}`,
      SMS_SINK_TOKEN: 'none',
      PORTAL_URL: 'http://portal.example',
    });
    const logger = createLogger({ service: 'healer', instance: 'healer', level: 'silent' });
    notifier = new AdminNotifier(config, logger, { environment: freshEnvironment() });
  });
  afterAll(async () => {
    notifier.close();
    await smtp.stop();
    page.closeAllConnections();
    page.close();
  });
  beforeEach(() => {
    smtp.clear();
    texts.length = 0;
  });

  async function notices(text: string) {
    const incident = buildEscalated();
    const timeline = incident.timeline.map((entry) => ({ ...entry, text }));
    await notifier.incident({ ...incident, title: `billing: ${text}`, timeline });
    const [mail] = smtp.messages;
    return { subject: mail!.subject, text: mail!.text, html: mail!.html ?? '', sms: texts[0] ?? '' };
  }

  it.each(SECRETS)('hide: $name', async ({ text, secrets }) => {
    const sent = await notices(text);
    for (const part of Object.values(sent)) {
      for (const secret of secrets) expect(oneLine(part)).not.toContain(oneLine(secret));
    }
    expect(sent.text).toMatch(HIDDEN);
    expect(sent.html).toMatch(HIDDEN);
  });

  it.each(NEAR_MISSES)('leave: %s', async (text) => {
    const sent = await notices(text);
    expect(oneLine(sent.text)).toContain(oneLine(text));
    expect(oneLine(sent.sms)).toContain(oneLine(text).slice(0, 60));
  });
});
