import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

export const INVOICE_NOT_FOUND = defineError({
  code: 'BILLING.INVOICE_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such invoice',
});

export const INVOICE_NOT_VOIDABLE = defineError({
  code: 'BILLING.INVOICE_NOT_VOIDABLE',
  kind: 'conflict',
  title: 'Only a finalized invoice that nobody has paid or corrected can be voided',
});
export const INVOICE_NOT_CORRECTABLE = defineError({
  code: 'BILLING.INVOICE_NOT_CORRECTABLE',
  kind: 'conflict',
  title: 'A credit note corrects a finalized invoice in its currency, up to what is left of its total',
});

/** Minor units of the invoice's currency. */
const amount = z.number().int();
const party = z.object({
  name: z.string(),
  /** The lines of the address as they are printed. */
  address: z.array(z.string()),
  tax_id: z.object({ label: z.string(), id: z.string() }).nullable(),
  email: z.string().nullable(),
});
party.register(NAMED_SCHEMAS, { id: 'InvoiceParty' });

const summary = {
  object: z.literal('invoice'),
  id: idSchema('invoice'),
  /** A credit note has the amounts that are given back, above 0. */
  type: z.enum(['invoice', 'credit_note']),
  /** A draft may change and has no number. A voided invoice keeps its number. */
  status: z.enum(['draft', 'finalized', 'voided']),
  payment_status: z.enum(['unpaid', 'paid', 'refunded', 'written_off']),
  number: z.string().nullable(),
  /** ISO 4217. */
  currency: z.string().length(3),
  issued_on: z.iso.date(),
  due_on: z.iso.date().nullable(),
  /** Both days are included. */
  period: z.object({ from: z.iso.date(), to: z.iso.date() }).nullable(),
  /** The invoice that a credit note corrects. */
  corrects: idSchema('invoice').nullable(),
  /** `top_up`: prepaid credit that a person ordered; `auto_top_up`: that was ordered by itself. */
  purpose: z.enum(['charges', 'top_up', 'auto_top_up']),
  /** Tax included. */
  total: amount,
  /** `total` without the part that credits pay. */
  due: amount,
  created_at: timestampSchema,
};

/** An invoice or credit note in a list. */
export const invoiceSummarySchema = z.object(summary);
invoiceSummarySchema.register(NAMED_SCHEMAS, { id: 'InvoiceSummary' });

/** An invoice or credit note. Each total is the sum of what the lines show. */
export const invoiceSchema = z.object({
  ...summary,
  seller: party,
  buyer: party,
  tax: z.object({
    /** `standard`: the seller charges it; `reverse_charge`: the buyer owes it. */
    treatment: z.enum(['standard', 'reverse_charge', 'zero_rated', 'outside_scope']),
    /** Whether the amounts of the lines contain the tax. */
    inclusive: z.boolean(),
    /** What the law wants on the invoice. */
    note: z.string().nullable(),
    /** India: the state whose tax it is, `29-Karnataka`. */
    place_of_supply: z.string().nullable(),
    components: z.array(
      z.object({
        name: z.string(),
        /** Percent, a decimal string. */
        rate: z.string(),
        amount,
      }),
    ),
  }),
  lines: z.array(
    z.object({
      description: z.string(),
      detail: z.string().nullable(),
      quantity: z.number().int(),
      /** Minor units for one, a decimal string. */
      unit_amount: z.string(),
      /** `quantity` times `unit_amount`, rounded half up. */
      amount,
      /** `amount` without tax. */
      net: amount,
      /** In the order of `tax.components`. */
      taxes: z.array(amount),
    }),
  ),
  net: amount,
  /** The part of `total` that credits pay. */
  credits: amount,
  /** Where a transfer goes, as it is printed: bank, account. Empty where the seller names none. */
  pay_to: z.array(z.object({ label: z.string(), value: z.string() })),
  terms: z.string(),
});
invoiceSchema.register(NAMED_SCHEMAS, { id: 'Invoice' });

/** An invoice that is not made: the amounts as they would be. */
export const invoicePreviewSchema = z.object({
  object: z.literal('invoice_preview'),
  currency: invoiceSchema.shape.currency,
  /** Both days are included. */
  period: invoiceSchema.shape.period,
  tax: invoiceSchema.shape.tax,
  lines: invoiceSchema.shape.lines,
  net: amount,
  total: amount,
  credits: amount,
  due: amount,
});
invoicePreviewSchema.register(NAMED_SCHEMAS, { id: 'InvoicePreview' });

export const listInvoices = defineRequest({
  subject: 'rpc.billing.invoice.list',
  summary: 'The invoices and credit notes of the partner, newest first',
  http: { method: 'GET', path: '/v1/invoices', status: 200 },
  permission: 'billing:read',
  input: z.strictObject(listQuery(idSchema('invoice'))).refine(oneCursor.check, oneCursor.message),
  output: listOf(invoiceSummarySchema),
  repeatable: true,
});

export const getInvoice = defineRequest({
  subject: 'rpc.billing.invoice.get',
  summary: 'One invoice or credit note with its lines and taxes',
  http: { method: 'GET', path: '/v1/invoices/:id', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({ id: idSchema('invoice') }),
  output: invoiceSchema,
  errors: [INVOICE_NOT_FOUND],
  repeatable: true,
});

export const getInvoicePdf = defineRequest({
  subject: 'rpc.billing.invoice.render',
  summary: 'One invoice or credit note as application/pdf, for download',
  http: { method: 'GET', path: '/v1/invoices/:id/pdf', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({ id: idSchema('invoice') }),
  /** Between services; the gateway sends the decoded file. */
  output: z.object({
    object: z.literal('invoice_pdf'),
    file_name: z.string().regex(/^[A-Za-z0-9-]+\.pdf$/),
    base64: z.string(),
  }),
  errors: [INVOICE_NOT_FOUND],
  repeatable: true,
});

export const previewInvoice = defineRequest({
  subject: 'rpc.billing.invoice.preview',
  summary:
    'The next invoice as it stands: what is due, the calls of the month so far, and the fee of the next period',
  http: { method: 'GET', path: '/v1/invoices/preview', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('next_invoice'),
    /** When it will be made at the earliest; null while nothing renews. */
    at: timestampSchema.nullable(),
    /** Null when nothing would have to be paid. */
    invoice: invoicePreviewSchema.nullable(),
    /** Calls up to this moment are counted. */
    counted_until: timestampSchema,
  }),
  repeatable: true,
});

/** An invoice has its number and its posting, and is to be paid. */
export const invoiceFinalized = defineEvent({
  subject: 'event.billing.invoice.finalized',
  summary: 'An invoice was finalized',
  payload: z.object({
    invoice_id: idSchema('invoice'),
    partner_id: idSchema('partner'),
    /** Minor units, tax included. */
    total: amount,
    currency: z.string().length(3),
    due_on: z.iso.date().nullable(),
  }),
  consumers: ['billing_mail-invoice', 'billing_charge-invoice'],
});

const correctionReason = storedText(500).meta({ examples: ['The calls of a test were charged'] });

export const voidInvoice = defineRequest({
  subject: 'rpc.billing.invoice.void',
  summary:
    'Take an invoice back as a whole: it keeps its number, and what it charged goes on the next invoice. To waive it, issue a credit note',
  http: { method: 'POST', path: '/v1/admin/invoices/:id/void', status: 200, idempotent: true },
  permission: 'invoices:write',
  audit: { action: 'invoice.voided', object: 'input.id', shows: ['reason'] },
  input: z.strictObject({ id: idSchema('invoice'), reason: correctionReason }),
  output: invoiceSchema,
  errors: [INVOICE_NOT_FOUND, INVOICE_NOT_VOIDABLE],
});

export const issueCreditNote = defineRequest({
  subject: 'rpc.billing.invoice.credit',
  summary: 'Give back an invoice, or a part of it, by a credit note with a number of its own',
  http: { method: 'POST', path: '/v1/admin/invoices/:id/credit-notes', status: 201, idempotent: true },
  permission: 'invoices:write',
  audit: { action: 'credit_note.issued', object: 'output.id', shows: ['reason'] },
  input: z.strictObject({
    id: idSchema('invoice'),
    reason: correctionReason,
    /** What is given back, by line; tax is added as on the invoice. Without it all lines of the invoice. */
    lines: z
      .array(
        z.strictObject({
          description: storedText(200).meta({ examples: ['Calls that were counted twice'] }),
          /** Minor units; with the tax where the prices of the invoice include it. */
          amount: z
            .number()
            .int()
            .min(1)
            .max(1e12)
            .meta({ examples: [1200] }),
        }),
      )
      .min(1)
      .max(50)
      .optional(),
  }),
  output: invoiceSchema,
  errors: [INVOICE_NOT_FOUND, INVOICE_NOT_CORRECTABLE],
});
