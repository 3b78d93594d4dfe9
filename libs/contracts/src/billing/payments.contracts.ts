import { z } from 'zod';
import { defineEvent, defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { isWellFormed, NOT_WELL_FORMED } from '../values/text.ts';
import { INVOICE_NOT_FOUND } from './invoices.contracts.ts';
import {
  INVOICE_NOT_PAYABLE,
  PAYMENT_METHOD_NEEDED,
  PAYMENT_METHOD_NOT_FOUND,
  PAYMENT_NOT_FOUND,
  PAYMENT_NOT_REFUNDABLE,
  PAYMENT_OPEN,
  PROVIDER_UNAVAILABLE_FOR_PAYMENTS,
  TRANSFER_ONLY,
  TRANSFER_RECORDED,
  WEBHOOK_REFUSED,
} from './payments.errors.ts';

/** Minor units of `currency`. */
const amount = z.number().int();
const currency = z.string().length(3);
/** At most what a JSON number holds exactly. */
const givenAmount = z
  .number()
  .int()
  .min(1)
  .max(1e12)
  .meta({ examples: [4900] });

export const paymentSchema = z.object({
  object: z.literal('payment'),
  id: idSchema('payment'),
  invoice_id: idSchema('invoice'),
  /** `charge`: the provider takes the money. `transfer`: it arrived at our bank. `refund`: it is paid back. */
  kind: z.enum(['charge', 'transfer', 'refund']),
  /**
   * `requires_action`: the payer confirms at `action_url`. `unknown`: the provider did not say what happened, and is asked until it does.
   * Nothing is charged twice meanwhile.
   */
  status: z.enum([
    'created',
    'submitted',
    'unknown',
    'processing',
    'requires_action',
    'succeeded',
    'failed',
    'canceled',
  ]),
  amount,
  currency,
  payment_method_id: idSchema('paymentMethod').nullable(),
  /** The payment that a refund pays back. */
  refunds: idSchema('payment').nullable(),
  /** Of a bank transfer. */
  reference: z.string().nullable(),
  action_url: z.string().nullable(),
  /** Why it failed: a code of the provider, and a sentence for people. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  created_at: timestampSchema,
  settled_at: timestampSchema.nullable(),
});
paymentSchema.register(NAMED_SCHEMAS, { id: 'Payment' });

export const paymentMethodSchema = z.object({
  object: z.literal('payment_method'),
  id: idSchema('paymentMethod'),
  /** `card`, or what else the provider offers. */
  kind: z.string(),
  brand: z.string().nullable(),
  last4: z.string().nullable(),
  expires: z.object({ month: z.number().int(), year: z.number().int() }).nullable(),
  /** Invoices are charged to it. */
  is_default: z.boolean(),
  created_at: timestampSchema,
});
paymentMethodSchema.register(NAMED_SCHEMAS, { id: 'PaymentMethod' });

export const getPaymentOptions = defineRequest({
  subject: 'rpc.billing.payment-option.list',
  summary: 'How invoices can be paid here: by bank transfer always, by card where a provider is configured',
  http: { method: 'GET', path: '/v1/payment-options', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('payment_options'),
    bank_transfer: z.literal(true),
    card: z.boolean(),
    /** `stripe`; null: invoices are paid by bank transfer alone. */
    provider: z.string().nullable(),
  }),
  repeatable: true,
});

export const listPaymentMethods = defineRequest({
  subject: 'rpc.billing.payment-method.list',
  summary: 'The payment methods of the partner, newest first',
  http: { method: 'GET', path: '/v1/payment-methods', status: 200 },
  permission: 'billing:read',
  input: z.strictObject(listQuery(idSchema('paymentMethod'))).refine(oneCursor.check, oneCursor.message),
  output: listOf(paymentMethodSchema),
  repeatable: true,
});

export const setUpPaymentMethod = defineRequest({
  subject: 'rpc.billing.payment-method.set-up',
  summary: 'The address of a page of the payment provider where a payment method is added',
  http: { method: 'POST', path: '/v1/payment-methods/setup', status: 201, deadlineMs: 20_000 },
  permission: 'billing:write',
  audit: { none: 'only a page is opened; the payment method is added there' },
  input: z.strictObject({}),
  output: z.object({ object: z.literal('payment_method_setup'), url: z.string() }),
  errors: [TRANSFER_ONLY, PROVIDER_UNAVAILABLE_FOR_PAYMENTS],
});

export const setDefaultPaymentMethod = defineRequest({
  subject: 'rpc.billing.payment-method.set-default',
  summary: 'Charge invoices to this payment method from now on',
  http: { method: 'POST', path: '/v1/payment-methods/:id/default', status: 200 },
  permission: 'billing:write',
  audit: { action: 'payment_method.made_default', object: 'input.id' },
  input: z.strictObject({ id: idSchema('paymentMethod') }),
  output: paymentMethodSchema,
  errors: [PAYMENT_METHOD_NOT_FOUND],
  repeatable: true,
});

export const removePaymentMethod = defineRequest({
  subject: 'rpc.billing.payment-method.remove',
  summary: 'Remove a payment method, here and at the provider',
  http: { method: 'DELETE', path: '/v1/payment-methods/:id', status: 200, deadlineMs: 20_000 },
  permission: 'billing:write',
  audit: { action: 'payment_method.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('paymentMethod') }),
  output: paymentMethodSchema,
  errors: [PAYMENT_METHOD_NOT_FOUND, PROVIDER_UNAVAILABLE_FOR_PAYMENTS, TRANSFER_ONLY],
});

export const payInvoice = defineRequest({
  subject: 'rpc.billing.invoice.pay',
  summary:
    'Pay what is left of an invoice. The response comes before the bank’s: read the payment until it is settled',
  http: { method: 'POST', path: '/v1/invoices/:id/pay', status: 202, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'payment.started', object: 'output.id', shows: ['id', 'payment_method_id'] },
  input: z.strictObject({
    id: idSchema('invoice'),
    /** Default: the default one of the partner. */
    payment_method_id: idSchema('paymentMethod').optional(),
  }),
  output: paymentSchema,
  errors: [
    INVOICE_NOT_FOUND,
    INVOICE_NOT_PAYABLE,
    PAYMENT_OPEN,
    PAYMENT_METHOD_NEEDED,
    PAYMENT_METHOD_NOT_FOUND,
    TRANSFER_ONLY,
  ],
});

export const listPayments = defineRequest({
  subject: 'rpc.billing.payment.list',
  summary: 'The payments of an invoice, newest first: charges, bank transfers and refunds, failed ones too',
  http: { method: 'GET', path: '/v1/invoices/:id/payments', status: 200 },
  permission: 'billing:read',
  input: z
    .strictObject({ id: idSchema('invoice'), ...listQuery(idSchema('payment')) })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(paymentSchema),
  errors: [INVOICE_NOT_FOUND],
  repeatable: true,
});

export const getPayment = defineRequest({
  subject: 'rpc.billing.payment.get',
  summary: 'One payment: what has become of it',
  http: { method: 'GET', path: '/v1/payments/:id', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({ id: idSchema('payment') }),
  output: paymentSchema,
  errors: [PAYMENT_NOT_FOUND],
  repeatable: true,
});

export const getInvoiceBalance = defineRequest({
  subject: 'rpc.billing.invoice-balance.get',
  summary: 'What is paid, credited and left of an invoice, and what dunning does about it',
  http: { method: 'GET', path: '/v1/invoices/:id/balance', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({ id: idSchema('invoice') }),
  output: z.object({
    object: z.literal('invoice_balance'),
    invoice_id: idSchema('invoice'),
    currency,
    /** What the invoice asked for: its total without the part that credits paid. */
    due: amount,
    /** Given back by credit notes. */
    credited: amount,
    /** Received, less what was refunded. */
    paid: amount,
    /** What is left to pay; below 0: what was paid too much. */
    left: amount,
    dunning: z
      .object({
        status: z.enum(['open', 'overdue', 'recovered', 'closed']),
        started_at: timestampSchema,
        /** When the next step is due. */
        next_at: timestampSchema.nullable(),
        /** From when on the invoice is overdue. */
        grace_ends_at: timestampSchema,
      })
      .nullable(),
  }),
  errors: [INVOICE_NOT_FOUND],
  repeatable: true,
});

export const recordTransfer = defineRequest({
  subject: 'rpc.billing.transfer.record',
  summary: 'Record money that arrived at the bank for an invoice. It may be a part of it, or too much',
  http: { method: 'POST', path: '/v1/admin/invoices/:id/payments', status: 201, idempotent: true },
  permission: 'payments:write',
  audit: {
    action: 'payment.recorded',
    object: 'output.id',
    shows: ['id', 'amount', 'currency', 'reference'],
  },
  input: z.strictObject({
    id: idSchema('invoice'),
    amount: givenAmount,
    /** Must be that of the invoice: it is asked for, so that nobody records yen as euros. */
    currency: currency.meta({ examples: ['EUR'] }),
    /** What the bank calls the transfer. The same one is recorded once for an invoice. */
    reference: z
      .string()
      .trim()
      .min(1)
      .max(140)
      .refine(isWellFormed, NOT_WELL_FORMED)
      .meta({ examples: ['E2E-20261201-4711'] }),
  }),
  output: paymentSchema,
  errors: [INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, TRANSFER_RECORDED],
});

export const refundPayment = defineRequest({
  subject: 'rpc.billing.payment.refund',
  summary:
    'Pay back what a credit note or an overpayment left with us, to the payment method that it came from',
  http: { method: 'POST', path: '/v1/admin/payments/:id/refunds', status: 202, idempotent: true },
  permission: 'payments:write',
  audit: { action: 'payment.refunded', object: 'output.id', shows: ['id', 'amount'] },
  input: z.strictObject({ id: idSchema('payment'), amount: givenAmount }),
  output: paymentSchema,
  errors: [PAYMENT_NOT_FOUND, PAYMENT_NOT_REFUNDABLE, PAYMENT_OPEN, TRANSFER_ONLY],
});

/** Sent by the gateway for a webhook of a provider. Responds once the event is stored. */
export const receiveProviderEvent = defineRequest({
  subject: 'rpc.billing.provider-event.receive',
  summary: 'Store an event of the payment provider, when its signature is right',
  permission: 'internal',
  criticality: 'critical',
  input: z.strictObject({
    provider: z.enum(['stripe']),
    signature: z.string().max(2000),
    /** The bytes as they came, in base64. */
    body: z.base64().max(350_000),
  }),
  output: z.object({ received: z.literal(true) }),
  errors: [WEBHOOK_REFUSED, TRANSFER_ONLY],
  repeatable: true,
});

const settled = {
  payment_id: idSchema('payment'),
  invoice_id: idSchema('invoice'),
  partner_id: idSchema('partner'),
  kind: z.enum(['charge', 'transfer', 'refund']),
  amount,
  currency,
};

export const paymentSucceeded = defineEvent({
  subject: 'event.billing.payment.succeeded',
  summary: 'Money for an invoice has arrived, or was paid back',
  payload: z.object({ ...settled, invoice_paid: z.boolean() }),
  consumers: ['billing_settle-payment'],
});

export const paymentFailed = defineEvent({
  subject: 'event.billing.payment.failed',
  summary: 'A payment of an invoice has failed; dunning has begun or goes on',
  payload: z.object({ ...settled, code: z.string() }),
});

export const paymentOverdue = defineEvent({
  subject: 'event.billing.payment.overdue',
  summary: 'The grace of an invoice has ended, and it is not paid',
  payload: z.object({
    invoice_id: idSchema('invoice'),
    partner_id: idSchema('partner'),
    /** When the first payment failed, or the invoice was due. */
    since: timestampSchema,
  }),
  consumers: ['billing_miss-payment', 'billing_lapse-top-up'],
});

/** The mails about payments. */
export const PAYMENT_MAILS = [
  'payment-received',
  'payment-refunded',
  'payment-failed',
  'payment-action-required',
  'payment-last-warning',
  'payment-overdue',
] as const;
export type PaymentMail = (typeof PAYMENT_MAILS)[number];

/** The mails about credit and budgets. */
export const SPENDING_MAILS = ['credit-expiring', 'credit-low', 'budget-alert', 'auto-top-up-off'] as const;
export type SpendingMail = (typeof SPENDING_MAILS)[number];

/** Billing knows no addresses: auth writes to those of the partner who see what it is charged. */
export const paymentMailRequested = defineEvent({
  subject: 'event.billing.payment-mail.requested',
  summary:
    'The people of a partner who see its invoices are to be told about a payment, its credit or its budget',
  payload: z.object({
    mail: z.enum([...PAYMENT_MAILS, ...SPENDING_MAILS]),
    partner_id: idSchema('partner'),
    /**
     * What the mail shows. About a payment: `invoice_id`, `invoice`, `amount`, `reason`, `date`; else `amount`, `limit`, `percent`, `stops`,
     * `date`.
     */
    words: z.record(z.string(), z.string()),
  }),
  consumers: ['auth_send-payment-mail'],
});
