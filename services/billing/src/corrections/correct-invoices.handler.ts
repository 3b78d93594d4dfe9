import { HandleRequest } from '@gridworks/bus';
import {
  AppError,
  INVOICE_NOT_CORRECTABLE,
  issueCreditNote,
  type OutputOf,
  type ParsedInputOf,
  voidInvoice,
} from '@gridworks/contracts';
import { noteAct } from '@gridworks/observability';
import { Database } from '@gridworks/persistence';
import { Controller } from '@nestjs/common';
import { CreditRepository } from '../credits/credit.repository.ts';
import { composeInvoice } from '../invoices/compose-invoice.ts';
import { InvoiceRepository, type StoredInvoice } from '../invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../invoices/invoice-document.ts';
import { presentInvoice } from '../invoices/present-invoice.ts';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { CloseInvoice } from './close-invoice.ts';

/** What people of GridWorks do about an invoice that is wrong. The entries are in the chain of the partner. */
@Controller()
export class CorrectInvoicesHandler {
  constructor(
    private readonly database: Database,
    private readonly invoices: InvoiceRepository,
    private readonly items: InvoiceItemRepository,
    private readonly credits: CreditRepository,
    private readonly closing: CloseInvoice,
  ) {}

  @HandleRequest(voidInvoice)
  void({ id }: ParsedInputOf<typeof voidInvoice>): Promise<OutputOf<typeof voidInvoice>> {
    return this.database.transaction(async (tx) => {
      const partnerId = await this.invoices.partnerOf(tx, id);
      noteAct({ partner_id: partnerId });
      const at = new Date();
      const voided = await this.invoices.void(tx, partnerId, id, at);
      await this.items.release(tx, id);
      await this.credits.giveBack(tx, id, at);
      await this.closing.close(tx, partnerId, id, at);
      noteAct({ after: { number: voided.document.number } });
      return presentInvoice(voided);
    });
  }

  @HandleRequest(issueCreditNote)
  credit(input: ParsedInputOf<typeof issueCreditNote>): Promise<OutputOf<typeof issueCreditNote>> {
    return this.database.transaction(async (tx) => {
      const partnerId = await this.invoices.partnerOf(tx, input.id);
      noteAct({ partner_id: partnerId });
      const invoice = await this.invoices.hold(tx, partnerId, input.id);
      const at = new Date();
      const note = creditNoteOf(invoice, input, at);
      const id = await this.invoices.createDraft(tx, partnerId, note, input.id);
      const issued = await this.invoices.finalize(tx, partnerId, id, at);
      const left = await this.invoices.left(tx, partnerId, input.id);
      if (left < 0n)
        await this.credits.giveBackByNote(tx, { invoiceId: input.id, noteId: id, amount: -left }, at);
      await this.closing.close(tx, partnerId, input.id, at);
      noteAct({ after: { number: issued.document.number, invoice: invoice.document.number } });
      return presentInvoice(issued);
    });
  }
}

/** The credit note of an invoice, taxed as the invoice was. Throws `BILLING.INVOICE_NOT_CORRECTABLE` for one that has no number. */
function creditNoteOf(
  { document }: StoredInvoice,
  { reason, lines }: ParsedInputOf<typeof issueCreditNote>,
  at: Date,
): InvoiceDocument {
  const { number, issuedOn, ...invoice } = document;
  if (number === null) throw new AppError(INVOICE_NOT_CORRECTABLE);
  return composeInvoice({
    ...{ ...invoice, type: 'credit_note', status: 'draft', number: null },
    ...{ issuedOn: at.toISOString().slice(0, 10), dueOn: null, period: null },
    corrects: { number, issuedOn },
    ...{ payTo: [], terms: reason },
    credits: 0n,
    lines:
      lines?.map(({ description, amount }) => ({
        ...{ description, detail: null, quantity: 1n, unitAmount: String(amount), amount: BigInt(amount) },
      })) ?? document.lines,
  });
}
