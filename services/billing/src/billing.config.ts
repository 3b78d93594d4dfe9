import { notificationConfig } from '@gridworks/notifications';
import { sharedConfig } from '@gridworks/runtime';
import { z } from 'zod';
import { sellerSetting } from './billing-profiles/seller.ts';

/** The settings of billing, read from the environment. */
export const billingConfig = sharedConfig
  .extend({
    DATABASE_URL: sharedConfig.shape.DATABASE_URL.unwrap().describe(
      'postgres://billing:password@host:5432/database',
    ),
    SMTP_URL: notificationConfig.SMTP_URL.optional(),
    SMTP_BACKUP_URL: notificationConfig.SMTP_BACKUP_URL,
    EMAIL_FROM: notificationConfig.EMAIL_FROM,
    PORTAL_URL: notificationConfig.PORTAL_URL,
    BILLING_SELLER: sellerSetting.describe(
      'who sends the invoices, as JSON: {"legal_name","address_lines","city","postal_code","country","state","tax_id","email","lut","payment_days","pay_to","terms"}',
    ),
    BILLING_GRACE_MS: z.coerce
      .number()
      .int()
      .min(0)
      .max(86_400_000)
      .default(3_600_000)
      .describe(
        'milliseconds after the end of a period for which late calls are waited for before it is charged',
      ),
    BILLING_USAGE_MONTHS: z.coerce
      .number()
      .int()
      .min(3)
      .max(120)
      .default(13)
      .describe(
        'whole months of metered calls that are kept before this one: the proof of bills, and what a repeated call is known by',
      ),
    BILLING_USAGE_HOUR_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(400)
      .default(35)
      .describe('days for which calls by the hour are kept'),
    BILLING_USAGE_DAY_DAYS: z.coerce
      .number()
      .int()
      .min(35)
      .max(4000)
      .default(400)
      .describe('days for which calls by the day are kept'),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^(sk|rk)_/, 'is no secret key of Stripe')
      .optional()
      .describe('secret key of Stripe; without it invoices are paid by bank transfer alone'),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_/, 'is no secret of a webhook endpoint of Stripe')
      .optional()
      .describe('secret of the webhook endpoint <portal>/v1/webhooks/stripe at Stripe'),
    STRIPE_API_BASE: z
      .url()
      .optional()
      .describe('address of the API of Stripe, for tests; by default its own'),
  })
  .refine((config) => !config.STRIPE_SECRET_KEY === !config.STRIPE_WEBHOOK_SECRET, {
    message: 'set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET both, or neither',
    path: ['STRIPE_WEBHOOK_SECRET'],
  });
export type BillingConfig = z.output<typeof billingConfig>;
