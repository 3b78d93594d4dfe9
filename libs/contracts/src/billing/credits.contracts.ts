import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf, listQuery, oneCursor } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { UNKNOWN_CURRENCY } from './billing-profile.contracts.ts';
import { ACCOUNT_NOT_FOUND } from './limits.contracts.ts';
import { PAYMENT_METHOD_NEEDED } from './payments.errors.ts';
import { PROFILE_INCOMPLETE } from './subscriptions.contracts.ts';

export const CREDIT_EXPIRED = defineError({
  code: 'BILLING.CREDIT_EXPIRED',
  kind: 'invalid_input',
  title: 'The credit would have expired already',
});
export const CREDIT_GRANT_NOT_FOUND = defineError({
  code: 'BILLING.CREDIT_GRANT_NOT_FOUND',
  kind: 'not_found',
  title: 'There is no such credit grant',
});
export const CREDIT_NOT_VOIDABLE = defineError({
  code: 'BILLING.CREDIT_NOT_VOIDABLE',
  kind: 'conflict',
  title: 'Nothing is left of the credit grant',
});

/** Minor units of `currency`. */
const amount = z.number().int();
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected a code of ISO 4217 such as EUR')
  .meta({ examples: ['EUR'] });
const kind = z.enum(['prepaid', 'promotional']);

/** Money that a partner can spend on invoices. */
export const creditGrantSchema = z.object({
  object: z.literal('credit_grant'),
  id: idSchema('creditGrant'),
  /** `prepaid`: the partner has paid for it. `promotional`: it was given away. */
  kind,
  /** `used`: nothing is left. An invoice burns `active` ones alone. */
  status: z.enum(['active', 'used', 'expired', 'voided']),
  currency,
  amount,
  /** What no invoice has burned yet. */
  remaining: amount,
  /** From this moment on the rest cannot be burned any more; null: never. */
  expires_at: timestampSchema.nullable(),
  reason: z.string(),
  /** The invoice by which the partner has bought it. */
  invoice_id: idSchema('invoice').nullable(),
  granted_at: timestampSchema,
});
creditGrantSchema.register(NAMED_SCHEMAS, { id: 'CreditGrant' });

/** One change of a credit grant. Each is a posting of the ledger. */
export const creditMovementSchema = z.object({
  object: z.literal('credit_movement'),
  id: idSchema('creditMovement'),
  grant_id: idSchema('creditGrant'),
  /** `burned`: an invoice was paid with it. `returned`: that invoice was voided. */
  kind: z.enum(['granted', 'burned', 'returned', 'expired', 'voided']),
  /** Above 0 what the partner got, below 0 what it spent or lost. */
  amount,
  currency,
  /** The invoice that burned it or gave it back. */
  invoice_id: idSchema('invoice').nullable(),
  at: timestampSchema,
});
creditMovementSchema.register(NAMED_SCHEMAS, { id: 'CreditMovement' });

/** What a partner can spend now, by currency. */
export const creditBalanceSchema = z.object({
  object: z.literal('credit_balance'),
  balances: z.array(
    z.object({
      currency,
      prepaid: amount,
      promotional: amount,
      total: amount,
      /** What expires next, and when. */
      next_expiry: z.object({ amount, at: timestampSchema }).nullable(),
    }),
  ),
});
creditBalanceSchema.register(NAMED_SCHEMAS, { id: 'CreditBalance' });

export const getCredits = defineRequest({
  subject: 'rpc.billing.credit-balance.get',
  summary: 'The credit of the partner by currency. Invoices burn it by themselves',
  http: { method: 'GET', path: '/v1/credits', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: creditBalanceSchema,
  repeatable: true,
});

const grantsQuery = listQuery(idSchema('creditGrant'));

export const listCreditGrants = defineRequest({
  subject: 'rpc.billing.credit-grant.list',
  summary: 'The credit grants of the partner, newest first, also those of which nothing is left',
  http: { method: 'GET', path: '/v1/credits/grants', status: 200 },
  permission: 'billing:read',
  input: z.strictObject(grantsQuery).refine(oneCursor.check, oneCursor.message),
  output: listOf(creditGrantSchema),
  repeatable: true,
});

export const listCreditMovements = defineRequest({
  subject: 'rpc.billing.credit-movement.list',
  summary: 'Every change of the credit of the partner, newest first',
  http: { method: 'GET', path: '/v1/credits/movements', status: 200 },
  permission: 'billing:read',
  input: z.strictObject(listQuery(idSchema('creditMovement'))).refine(oneCursor.check, oneCursor.message),
  output: listOf(creditMovementSchema),
  repeatable: true,
});

export const listPartnerCreditGrants = defineRequest({
  subject: 'rpc.billing.credit-grant.list-of-partner',
  summary: 'The credit grants of a partner, newest first',
  http: { method: 'GET', path: '/v1/admin/partners/:id/credits', status: 200 },
  permission: 'partners:read',
  input: z
    .strictObject({ id: idSchema('partner'), ...grantsQuery })
    .refine(oneCursor.check, oneCursor.message),
  output: listOf(creditGrantSchema),
  repeatable: true,
});

export const grantCredit = defineRequest({
  subject: 'rpc.billing.credit-grant.create',
  summary: 'Give a partner credit: promotional, or prepaid by money that has arrived',
  http: { method: 'POST', path: '/v1/admin/partners/:id/credits', status: 201, idempotent: true },
  permission: 'credits:write',
  audit: {
    ...{ action: 'credit.granted', object: 'output.id' },
    shows: ['kind', 'amount', 'currency', 'expires_at', 'reason'],
  },
  input: z.strictObject({
    id: idSchema('partner'),
    kind,
    amount: z
      .number()
      .int()
      .min(1)
      .max(1e12)
      .meta({ examples: [5000] }),
    currency,
    expires_at: z.iso
      .datetime()
      .nullable()
      .default(null)
      .describe('From this moment on the rest cannot be burned any more. Default: never.'),
    reason: storedText(500).meta({ examples: ['Thank you for the report of a fault'] }),
  }),
  output: creditGrantSchema,
  errors: [ACCOUNT_NOT_FOUND, CREDIT_EXPIRED, UNKNOWN_CURRENCY],
});

export const voidCreditGrant = defineRequest({
  subject: 'rpc.billing.credit-grant.void',
  summary: 'Take back what is left of a credit grant. What invoices have burned stays burned',
  http: { method: 'POST', path: '/v1/admin/credits/:id/void', status: 200, idempotent: true },
  permission: 'credits:write',
  audit: { action: 'credit.voided', object: 'input.id', shows: ['reason'] },
  input: z.strictObject({
    id: idSchema('creditGrant'),
    reason: storedText(500).meta({ examples: ['It was granted to the wrong partner'] }),
  }),
  output: creditGrantSchema,
  errors: [CREDIT_GRANT_NOT_FOUND, CREDIT_NOT_VOIDABLE],
});

export const TOP_UP_OPEN = defineError({
  code: 'BILLING.TOP_UP_OPEN',
  kind: 'conflict',
  title: 'Top-ups are ordered and not paid yet: pay these first',
});
export const AUTO_TOP_UP_UNBOUNDED = defineError({
  code: 'BILLING.AUTO_TOP_UP_UNBOUNDED',
  kind: 'invalid_input',
  title: 'The bound of a month must be at least the amount of one top-up',
});

/** At most what a JSON number holds exactly. */
const givenAmount = z.number().int().min(100).max(1e9);

export const orderTopUp = defineRequest({
  subject: 'rpc.billing.top-up.create',
  summary:
    'Order prepaid credit. An invoice is made at once and charged to the default payment method; the credit is there when it is paid',
  http: { method: 'POST', path: '/v1/credits/top-ups', status: 201, idempotent: true },
  permission: 'billing:write',
  audit: { action: 'top_up.ordered', object: 'output.invoice_id', shows: ['amount'] },
  /** Minor units of the subscription's currency. */
  input: z.strictObject({ amount: givenAmount.meta({ examples: [10_000] }) }),
  output: z.object({
    object: z.literal('top_up'),
    invoice_id: idSchema('invoice'),
    invoice_number: z.string(),
    amount,
    currency,
  }),
  errors: [PROFILE_INCOMPLETE, TOP_UP_OPEN],
});

const autoTopUp = {
  is_on: z.boolean().meta({ examples: [true] }),
  /** Below this balance credit is ordered. Minor units of `currency`, as the other amounts. */
  threshold: z
    .number()
    .int()
    .min(0)
    .max(1e9)
    .meta({ examples: [2_000] }),
  amount: givenAmount.meta({ examples: [10_000] }),
  /** Automatic top-ups of a calendar month (UTC) are at most this much together. */
  monthly_limit: givenAmount.meta({ examples: [30_000] }),
};

export const autoTopUpSchema = z.object({
  object: z.literal('auto_top_up'),
  partner_id: idSchema('partner'),
  currency,
  ...autoTopUp,
  /** Ordered automatically in this month. */
  ordered_this_month: amount,
});
autoTopUpSchema.register(NAMED_SCHEMAS, { id: 'AutoTopUp' });

export const getAutoTopUp = defineRequest({
  subject: 'rpc.billing.auto-top-up.get',
  summary: 'Whether prepaid credit is ordered by itself when the balance is low',
  http: { method: 'GET', path: '/v1/credits/auto-top-up', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: autoTopUpSchema,
  repeatable: true,
});

export const setAutoTopUp = defineRequest({
  subject: 'rpc.billing.auto-top-up.set',
  summary:
    'Order prepaid credit by itself when the balance is low, and charge the default payment method. It needs a payment method',
  http: { method: 'PUT', path: '/v1/credits/auto-top-up', status: 200 },
  permission: 'billing:write',
  audit: {
    ...{ action: 'auto_top_up.set', object: 'output.partner_id' },
    shows: ['is_on', 'threshold', 'amount', 'monthly_limit'],
  },
  input: z.strictObject(autoTopUp),
  output: autoTopUpSchema,
  errors: [AUTO_TOP_UP_UNBOUNDED, PROFILE_INCOMPLETE, PAYMENT_METHOD_NEEDED],
  repeatable: true,
});
