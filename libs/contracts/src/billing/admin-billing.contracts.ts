import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { INVOICE_NOT_FOUND, invoiceSchema, invoiceSummarySchema } from './invoices.contracts.ts';
import { ACCOUNT_NOT_FOUND } from './limits.contracts.ts';
import { paymentSchema } from './payments.contracts.ts';
import { subscriptionSchema } from './subscriptions.contracts.ts';

/** Minor units of the currency beside it. */
const amount = z.number().int();

/**
 * What is asked of the invoices of all partners. `open`: something is left to pay; `overdue`: also after its day; `failing`: a payment
 * failed, or nobody paid by the day, and dunning has not ended well.
 */
export const INVOICE_STATES = ['open', 'overdue', 'failing', 'paid'] as const;

const standing = {
  partner_id: idSchema('partner'),
  /** The legal name of the buyer, as printed. */
  buyer_name: z.string(),
  /** What is left to pay; below 0: what was paid too much. 0 for a credit note. */
  left: amount,
  /** What is done about a payment that failed or did not come; null: nothing has to be. */
  dunning: z
    .object({
      status: z.enum(['open', 'overdue', 'recovered', 'closed']),
      started_at: timestampSchema,
      /** When the next step is due. */
      next_at: timestampSchema.nullable(),
      /** Why the newest payment that failed did so: a code of the provider. Null for an invoice that nobody tried to pay. */
      failure_code: z.string().nullable(),
    })
    .nullable(),
};
const partnerInvoiceSchema = invoiceSummarySchema.extend(standing);
partnerInvoiceSchema.register(NAMED_SCHEMAS, { id: 'PartnerInvoice' });

export const listAllInvoices = defineRequest({
  subject: 'rpc.billing.partner-invoice.list',
  summary: 'The invoices and credit notes of all partners or of one, newest first, with what is left to pay',
  http: { method: 'GET', path: '/v1/admin/invoices', status: 200 },
  permission: 'invoices:read-all',
  input: z
    .strictObject({
      ...listQuery(idSchema('invoice')),
      partner: idSchema('partner').optional(),
      state: z.enum(INVOICE_STATES).optional(),
    })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(partnerInvoiceSchema),
  repeatable: true,
});

export const getPartnerInvoice = defineRequest({
  subject: 'rpc.billing.partner-invoice.get',
  summary: 'An invoice or credit note of any partner, with its newest payments',
  http: { method: 'GET', path: '/v1/admin/invoices/:id', status: 200 },
  permission: 'invoices:read-all',
  input: z.strictObject({ id: idSchema('invoice') }),
  output: invoiceSchema.extend({
    ...standing,
    /** At most 100, newest first. */
    payments: z.array(paymentSchema),
  }),
  errors: [INVOICE_NOT_FOUND],
  repeatable: true,
});

export const getPartnerSubscription = defineRequest({
  subject: 'rpc.billing.partner-subscription.get',
  summary: 'The subscription of a partner',
  http: { method: 'GET', path: '/v1/admin/partners/:id/subscription', status: 200 },
  permission: 'partners:read',
  input: z.strictObject({ id: idSchema('partner') }),
  output: subscriptionSchema,
  errors: [ACCOUNT_NOT_FOUND],
  repeatable: true,
});

const monthOfRevenue = z.object({
  /** `YYYY-MM`, UTC. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  /** Of the invoices that were finalized in the month, without tax; voided ones are taken off in the month in which they were voided. */
  invoiced: amount,
  tax: amount,
  /** By credit notes, without tax. */
  credited: amount,
  /** Money that came in, less what was refunded. */
  received: amount,
});

export const getRevenue = defineRequest({
  subject: 'rpc.billing.revenue.get',
  summary: 'What is invoiced, received and open, by currency and month, as the ledger has it',
  http: { method: 'GET', path: '/v1/admin/revenue', status: 200 },
  permission: 'invoices:read-all',
  input: z.strictObject({
    months: z.coerce
      .number()
      .int()
      .min(1)
      .max(36)
      .default(12)
      .describe('How many calendar months, the present one included.'),
  }),
  output: z.object({
    object: z.literal('revenue'),
    observed_at: timestampSchema,
    /** One for each currency of a subscription or of an entry, the one with most subscriptions first. */
    currencies: z.array(
      z.object({
        currency: z.string().length(3),
        /** Fees of the subscriptions that renew, for a month; a yearly fee counts a twelfth. */
        recurring: amount,
        /** Subscriptions with a fee that renew. */
        paying: z.number().int(),
        /** Left to pay of all invoices. */
        open: amount,
        /** The part of `open` whose day is over. */
        overdue: amount,
        /** Oldest first; months without anything are there, too. */
        months: z.array(monthOfRevenue),
      }),
    ),
    /** Partners by the status of their subscription. */
    subscriptions: z.object({
      ...{ trialing: z.number().int(), active: z.number().int(), past_due: z.number().int() },
      paused: z.number().int(),
    }),
    /** Invoices that dunning is about. */
    failing: z.number().int(),
  }),
  repeatable: true,
});
