import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { defineError } from '../values/app-error.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';

export const INVALID_TAX_ID = defineError({
  code: 'BILLING.INVALID_TAX_ID',
  kind: 'invalid_input',
  title: 'The tax number is not one of this country',
});
export const UNKNOWN_CURRENCY = defineError({
  code: 'BILLING.UNKNOWN_CURRENCY',
  kind: 'invalid_input',
  title: 'The currency is not a code of ISO 4217 that is in use',
});

/** What a partner says about itself for its invoices. */
const written = {
  legal_name: storedText(200).meta({ examples: ['Lakshmi Logistics LLP'] }),
  /** Street and house, as they are printed. */
  address_lines: z
    .array(storedText(100))
    .min(1)
    .max(3)
    .meta({ examples: [['88 Brigade Road']] }),
  city: storedText(80).meta({ examples: ['Bengaluru'] }),
  postal_code: storedText(16)
    .meta({ examples: ['560001'] })
    .nullable()
    .default(null),
  /** ISO 3166-1 alpha-2. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected two capital letters, as ISO 3166-1 has them')
    .meta({ examples: ['IN'] }),
  /** India: the state as ISO 3166-2 has it, `KA` for Karnataka. It must be the one of the GSTIN. Null elsewhere. */
  state: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected two capital letters, as ISO 3166-2:IN has them')
    .meta({ examples: ['KA'] })
    .nullable()
    .default(null),
  /** GSTIN in India, VAT number with its prefix in the EU, another number elsewhere. */
  tax_id: storedText(32)
    .meta({ examples: ['29AAPFU0939F1ZR'] })
    .nullable()
    .default(null),
  /** ISO 4217: the currency of the next subscription. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected three capital letters, as ISO 4217 has them')
    .default('EUR')
    .meta({ examples: ['INR'] }),
  /** BCP 47: how invoices write numbers and dates. */
  locale: storedText(35)
    .default('en-IE')
    .meta({ examples: ['en-IN'] }),
  /** IANA: the zone in which the months of the next subscription begin and end. */
  time_zone: storedText(64)
    .default('UTC')
    .meta({ examples: ['Asia/Kolkata'] }),
  /** Where invoices are sent. */
  email: z
    .email()
    .max(254)
    .meta({ examples: ['accounts@lakshmi.example'] }),
};

/** The members that an invoice cannot do without. */
export const REQUIRED_FOR_INVOICES = ['legal_name', 'address_lines', 'city', 'country', 'email'] as const;

/** The profile of a partner. Members that nobody has set are null; `currency`, `locale` and `time_zone` have a default. */
export const billingProfileSchema = z.object({
  object: z.literal('billing_profile'),
  partner_id: idSchema('partner'),
  legal_name: z.string().nullable(),
  address_lines: z.array(z.string()),
  city: z.string().nullable(),
  postal_code: z.string().nullable(),
  country: z.string().nullable(),
  state: z.string().nullable(),
  /** Without spaces, dots and dashes. */
  tax_id: z.string().nullable(),
  currency: z.string().length(3),
  locale: z.string(),
  time_zone: z.string(),
  email: z.string().nullable(),
  /** What must be set before anything can be charged; empty when nothing is missing. */
  missing: z.array(z.enum(REQUIRED_FOR_INVOICES)),
  /** Null while nobody has set it. */
  updated_at: timestampSchema.nullable(),
});
billingProfileSchema.register(NAMED_SCHEMAS, { id: 'BillingProfile' });

export const getBillingProfile = defineRequest({
  subject: 'rpc.billing.profile.get',
  summary: 'To whom the invoices of the partner are addressed',
  http: { method: 'GET', path: '/v1/billing-profile', status: 200 },
  permission: 'billing:read',
  input: z.strictObject({}),
  output: billingProfileSchema,
  repeatable: true,
});

export const putBillingProfile = defineRequest({
  subject: 'rpc.billing.profile.put',
  summary: 'Set to whom the invoices of the partner are addressed. Invoices that are finalized keep theirs',
  http: { method: 'PUT', path: '/v1/billing-profile', status: 200 },
  permission: 'billing:write',
  audit: {
    action: 'billing_profile.changed',
    object: 'output.partner_id',
    shows: ['legal_name', 'country', 'state', 'tax_id', 'currency', 'time_zone'],
  },
  input: z.strictObject(written),
  output: billingProfileSchema,
  errors: [INVALID_TAX_ID, UNKNOWN_CURRENCY],
  repeatable: true,
});
