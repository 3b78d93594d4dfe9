import { AppError, type Incident } from '@gridworks/contracts';
import { AdminNotifier, NOTIFICATION_REFUSED } from '@gridworks/notifications';
import { createLogger } from '@gridworks/observability';
import { eventually, type SmtpServerHandle, startSmtp } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { symptom } from '../../test/symptoms.ts';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { openIncident } from '../incidents/incident.ts';
import { claimMail } from '../incidents/incident-mail.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { escalate, resolve } from '../incidents/treatment.ts';
import { IncidentMailer, type MailSender } from './incident-mailer.ts';

const options = { holdUntil: null, traceparent: null, traceId: null, experiment: null };

describe('the mail about an incident', () => {
  let smtp: SmtpServerHandle;
  let bucket: MemoryBucket<IncidentRecord>;
  let incidents: IncidentRepository;
  const mailers: IncidentMailer[] = [];
  let failures = 0;

  const notifier = () =>
    new AdminNotifier(
      {
        SMTP_URL: smtp.url,
        EMAIL_FROM: 'portal@gridworks.example',
        ADMIN_EMAILS: ['admin@gridworks.example'],
        PORTAL_URL: 'http://127.0.0.1:8080',
      },
      createLogger({ service: 'healer', instance: 'healer', level: 'silent' }),
    );
  const mailer = (boot = '1', sender: MailSender = notifier(), instance = 'healer') => {
    const silent = { log: (event: string) => void (event === 'incident.mail_failed' && failures++) };
    const one = new IncidentMailer(incidents, sender, { instance, boot, recipients: 1 }, Date.now, silent);
    mailers.push(one);
    return one;
  };
  const open = () =>
    incidents.insert(openIncident(symptom('instance.unresponsive'), { now: Date.now(), ...options }));
  const close = (id: string) => incidents.change(id, (latest) => resolve(latest, 'well', Date.now()));
  const sent = (id: string) =>
    eventually(() => expect(incidents.get(id)?.mail?.sent).toBe(true), { timeoutMs: 10_000 });

  beforeEach(async () => {
    smtp = await startSmtp();
    bucket = new MemoryBucket();
    incidents = new IncidentRepository(bucket, () => undefined);
  });
  afterEach(async () => {
    for (const one of mailers.splice(0)) await one.stop();
    await smtp.stop();
  });

  it('is sent once, however often and for whatever reason it is requested', async () => {
    const { id } = (await open()).incident;
    const [one, two] = [mailer('1'), mailer('1', notifier(), 'healer-2')];
    await incidents.change(id, (latest) => escalate(latest, 'overdue', false, Date.now()));
    for (const each of [one, two, one]) each.notify(id, 'escalated');
    await sent(id);
    await close(id);
    for (const each of [one, two]) {
      each.notify(id, 'resolved');
      each.sweep();
    }
    await Promise.all([one.stop(), two.stop()]);
    expect(smtp.messages.map(({ subject }) => subject)).toEqual([expect.stringContaining('[ACTION NEEDED]')]);
  });

  it('waits for the mail server, and is then sent once', async () => {
    smtp.reject(451);
    const { id } = (await open()).incident;
    await close(id);
    const one = mailer();
    one.notify(id, 'resolved');
    await eventually(() => failures > 1);
    expect(smtp.messages).toEqual([]);
    expect(incidents.get(id)?.incident.mailed_at).toBeNull();
    smtp.reject(null);
    await sent(id);
    expect(smtp.messages).toHaveLength(1);
    expect(incidents.get(id)?.incident.mailed_at).not.toBeNull();
  });

  it('of an escalation that surely did not arrive becomes a resolution once the incident is resolved', async () => {
    smtp.reject(451);
    const { id } = (await open()).incident;
    const one = mailer();
    await incidents.change(id, (latest) => escalate(latest, 'overdue', false, Date.now()));
    one.notify(id, 'escalated');
    const before = failures;
    await eventually(() => failures > before);
    await close(id);
    smtp.reject(null);
    await sent(id);
    expect(smtp.messages.map(({ subject }) => subject)).toEqual([expect.stringContaining('[AUTO-RESOLVED]')]);
  });

  it('is sent again after a crash in between, under the same message id', async () => {
    const { id } = (await open()).incident;
    await incidents.change(id, (latest) => escalate(latest, 'overdue', false, Date.now()));
    // The mail went out, and its sender died before it could write that down.
    const lost: Incident[] = [];
    await incidents.change(id, (latest) => claimMail(latest, 'escalated', 'healer#1', Date.now()));
    await notifier().incident(incidents.get(id)!.incident);
    await close(id);

    mailer('2', { incident: async (incident) => void lost.push(incident) }, 'healer-2').sweep();
    expect(lost).toEqual([]); // another healer's, and fresh
    mailer('2').sweep();
    await sent(id);
    expect(smtp.messages).toHaveLength(2);
    expect(new Set(smtp.messages.map(({ headers }) => headers['message-id'])).size).toBe(1);
  });

  it('is sent by a sweep when no healer claimed it, and never for a merged or held incident', async () => {
    const { id } = (await open()).incident;
    await close(id);
    const held = await incidents.insert(
      openIncident(symptom('connections.lost'), {
        ...options,
        now: Date.now(),
        holdUntil: Date.now() + 60_000,
      }),
    );
    const one = mailer();
    one.sweep();
    await sent(id);
    expect(incidents.get(held.incident.id)?.mail).toBeNull();
    expect(smtp.messages).toHaveLength(1);
  });

  it('that is refused for good is not tried for ever', async () => {
    let attempts = 0;
    const { id } = (await open()).incident;
    await close(id);
    const refusing: MailSender = {
      incident: async () => {
        attempts++;
        throw new AppError(NOTIFICATION_REFUSED);
      },
    };
    const one = mailer('1', refusing);
    one.notify(id, 'resolved');
    await sent(id);
    one.sweep();
    await one.stop();
    expect(attempts).toBe(1);
    expect(incidents.get(id)?.incident).toMatchObject({ mailed_at: null });
    expect(incidents.get(id)?.incident.timeline.at(-1)?.text).toMatch(/refused/);
  });
});
