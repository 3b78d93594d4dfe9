import { type BusEvent, HandleEvent } from '@gridworks/bus';
import { AppError, consumerOf, invoiceFinalized, type PayloadOf } from '@gridworks/contracts';
import { NOTIFICATION_REFUSED } from '@gridworks/notifications';
import type { Logger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { CONFIG, LOGGER } from '@gridworks/runtime';
import { Controller, Inject } from '@nestjs/common';
import { InvoiceRepository } from '../invoices/invoice.repository.ts';
import { renderInvoice } from '../invoices/pdf/render-invoice.ts';
import { composeInvoiceMail } from './compose-invoice-mail.ts';
import { InvoiceMailer } from './invoice-mailer.ts';

type Finalized = PayloadOf<typeof invoiceFinalized>;

const consumer = consumerOf(invoiceFinalized, 'billing_mail-invoice');

/** Mails each finalized invoice, with its PDF, to the address that it names. While no server takes the mail, the event is delivered again. */
@Controller()
export class MailInvoiceHandler {
  /** Events whose mail is being sent: the sweeper publishes them again meanwhile. */
  readonly #sending = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly invoices: InvoiceRepository,
    private readonly mailer: InvoiceMailer,
    @Inject(CONFIG) private readonly config: { readonly PORTAL_URL: string },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @HandleEvent(invoiceFinalized, { consumer })
  async mail(finalized: Finalized, event: BusEvent<Finalized>): Promise<void> {
    if (this.#sending.has(event.id) || (await this.database.wasConsumed(event, consumer))) return;
    this.#sending.add(event.id);
    try {
      await this.#send(finalized);
      await this.database.once(event, consumer, async () => undefined);
    } finally {
      this.#sending.delete(event.id);
    }
  }

  async #send({ partner_id, invoice_id: id }: Finalized): Promise<void> {
    const { document } = await this.invoices.get(partner_id, id);
    const to = document.buyer.email;
    if (to === null) return;
    if (!this.mailer.isConfigured) {
      this.logger.log('invoice_mail.not_configured', { invoice_id: id });
      return;
    }
    const pdf = await renderInvoice(document);
    try {
      await this.mailer.send(
        composeInvoiceMail(to, { id, document, pdf, portalUrl: this.config.PORTAL_URL }),
      );
    } catch (error) {
      if (!(error instanceof AppError && error.code === NOTIFICATION_REFUSED.code)) throw error;
      // The same mail would be refused again; the invoice is in the portal.
      this.logger.log('invoice_mail.refused', { invoice_id: id, error });
    }
  }
}
