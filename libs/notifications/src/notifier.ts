import type { Incident } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import type { HealingEnvironment } from '@gridworks/resilience';
import { type EmailSender, SmtpEmailSender } from './email-sender.ts';
import { kindOf, renderIncidentMail } from './incident-mail.ts';
import { SinkSmsSender, type SmsSender, TwilioSmsSender } from './sms-sender.ts';

/** Notifies admins. The healer decides when, and that each notice is sent once. */
export interface Notifier {
  /**
   * Sends one mail to all admins about an incident that was resolved or escalated; for an escalated one also
   * an SMS to each admin's phone, beside the mail: while every mail server is away the SMS is still sent.
   * Resolves when the mail was accepted; a failed SMS is logged, and tried again with the mail.
   * @throws AppError of the mail: `retryable` says whether to try again. The message id is the same each
   * time.
   */
  incident(incident: Incident): Promise<NotificationReceipt>;
  close(): void;
}

export interface NotificationReceipt {
  readonly messageId: string;
  readonly subject: string;
  readonly refused: readonly string[];
  readonly smsSent: number;
}

/** The parsed `notificationConfig`. */
export interface NotificationConfig {
  readonly SMTP_URL: string;
  readonly SMTP_BACKUP_URL?: string | undefined;
  readonly EMAIL_FROM: string;
  readonly ADMIN_EMAILS: readonly string[];
  readonly ADMIN_PHONES?: readonly string[] | undefined;
  readonly TWILIO_ACCOUNT_SID?: string | undefined;
  readonly TWILIO_AUTH_TOKEN?: string | undefined;
  readonly TWILIO_FROM?: string | undefined;
  readonly SMS_SINK_URL?: string | undefined;
  readonly SMS_SINK_TOKEN?: string | undefined;
  readonly PORTAL_URL: string;
}

export interface NotifierOptions {
  /**
   * The service of these call sites in reports. Default `healer`, the only service that notifies admins of
   * incidents.
   */
  readonly service?: string;
  /** Default: the environment of the process. */
  readonly environment?: HealingEnvironment;
  /** Default: a sender with `SMTP_URL`, and with `SMTP_BACKUP_URL` when there is one. */
  readonly email?: EmailSender;
  /** Default: `createSmsSender`. */
  readonly sms?: SmsSender | null;
}

const MOST_TEXTED = 1000;

export class AdminNotifier implements Notifier {
  readonly #config: NotificationConfig;
  readonly #logger: Logger;
  readonly #email: EmailSender;
  readonly #sms: SmsSender | null;
  /** SMS that were sent while their mail may still wait: incident, kind and phone. */
  readonly #texted = new Set<string>();

  constructor(config: NotificationConfig, logger: Logger, options: NotifierOptions = {}) {
    const { service = 'healer', environment } = options;
    this.#config = config;
    this.#logger = logger;
    this.#email =
      options.email ??
      new SmtpEmailSender({
        service,
        environment,
        url: config.SMTP_URL,
        backupUrl: config.SMTP_BACKUP_URL,
        from: config.EMAIL_FROM,
      });
    this.#sms = options.sms === undefined ? createSmsSender(config, service, environment) : options.sms;
  }

  async incident(incident: Incident): Promise<NotificationReceipt> {
    const mail = renderIncidentMail(incident, { portalUrl: this.#config.PORTAL_URL });
    const texting = incident.status === 'resolved' ? 0 : this.#text(mail.subject, incident);
    const receipt = await this.#email.send({
      to: this.#config.ADMIN_EMAILS,
      ...mail,
      headers: {
        'X-Incident-Id': incident.id,
        'Auto-Submitted': 'auto-generated',
        ...(kindOf(incident) === 'resolved' ? {} : { Importance: 'high' }),
      },
    });
    return {
      messageId: receipt.messageId,
      subject: mail.subject,
      refused: receipt.refused,
      smsSent: await texting,
    };
  }

  close(): void {
    this.#email.close();
  }

  /**
   * Never rejects: no channel delays another. A phone that has got the SMS of this mail does not get it
   * again.
   */
  async #text(subject: string, incident: Incident): Promise<number> {
    const sms = this.#sms;
    if (!sms) return 0;
    const text = `${subject} ${this.#config.PORTAL_URL}/admin/healing/incidents/${incident.id}`;
    const send = async (to: string): Promise<boolean> => {
      const key = `${incident.id} ${kindOf(incident)} ${to}`;
      if (this.#texted.has(key)) return true;
      const { sent } = await sms.send({ to, text });
      if (sent) this.#texted.add(key);
      if (this.#texted.size > MOST_TEXTED) this.#texted.delete(this.#texted.values().next().value as string);
      return sent;
    };
    const receipts = await Promise.allSettled((this.#config.ADMIN_PHONES ?? []).map(send));
    for (const one of receipts) {
      if (one.status === 'rejected')
        this.#logger.log('sms.send_failed', { error: one.reason, incident_id: incident.id });
    }
    return receipts.filter((one) => one.status === 'fulfilled' && one.value).length;
  }
}

/** Twilio when its account is configured, else the local page, else null. */
export function createSmsSender(
  config: NotificationConfig,
  service: string,
  environment?: HealingEnvironment,
): SmsSender | null {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM, SMS_SINK_URL, SMS_SINK_TOKEN } = config;
  const shared = { service, environment };
  if (TWILIO_ACCOUNT_SID && TWILIO_AUTH_TOKEN && TWILIO_FROM)
    return new TwilioSmsSender({
      ...shared,
      accountSid: TWILIO_ACCOUNT_SID,
      authToken: TWILIO_AUTH_TOKEN,
      from: TWILIO_FROM,
    });
  return SMS_SINK_URL
    ? new SinkSmsSender({ ...shared, url: SMS_SINK_URL, token: SMS_SINK_TOKEN ?? '' })
    : null;
}
