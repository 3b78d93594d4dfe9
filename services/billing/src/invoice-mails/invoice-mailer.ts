import { type Email, type EmailReceipt, type EmailSender, SmtpEmailSender } from '@gridworks/notifications';
import { CONFIG } from '@gridworks/runtime';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** From the environment. */
interface MailConfig {
  readonly SMTP_URL?: string | undefined;
  readonly SMTP_BACKUP_URL?: string | undefined;
  readonly EMAIL_FROM: string;
}

/** Sends mails of billing through the configured mail server. */
@Injectable()
export class InvoiceMailer implements OnApplicationShutdown {
  readonly #sender: EmailSender | null;

  constructor(@Inject(CONFIG) { SMTP_URL: url, SMTP_BACKUP_URL: backupUrl, EMAIL_FROM: from }: MailConfig) {
    this.#sender = url ? new SmtpEmailSender({ service: 'billing', url, backupUrl, from }) : null;
  }

  get isConfigured(): boolean {
    return this.#sender !== null;
  }

  /** Rejects with `NOTIFICATIONS.DEFERRED`, `NOTIFICATIONS.UNCERTAIN` or `NOTIFICATIONS.REFUSED`. */
  send(email: Email): Promise<EmailReceipt> {
    if (!this.#sender) throw new Error('SMTP_URL is not set');
    return this.#sender.send(email);
  }

  onApplicationShutdown(): void {
    this.#sender?.close();
  }
}
