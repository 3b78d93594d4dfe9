import { z } from 'zod';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import { metricSchema } from './metrics.ts';
import { priceSchema } from './price.ts';

/** Minor units of the currency under which it stands. */
const amount = z
  .number()
  .int()
  .min(0)
  .max(1e12)
  .meta({ examples: [4900] });

/** The id of a plan, the same in all its versions. */
export const planIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a name such as growth: small letters, digits, hyphens')
  .meta({ examples: ['growth'] });

const charge = z.strictObject({
  metric: metricSchema,
  /** Units of each month that cost nothing, also where a year is paid at once. */
  included: z
    .number()
    .int()
    .min(0)
    .max(1e15)
    .meta({ examples: [500_000] }),
  /** What the units above cost. Tiers begin above the included units. */
  price: priceSchema,
});
charge.register(NAMED_SCHEMAS, { id: 'PlanCharge' });

/** What a plan costs in one currency. */
export const planPricesSchema = z.strictObject({
  /** Once for each interval, in advance. */
  recurring_amount: amount,
  /** What the charges of a month cost at least; the recurring amount is not counted. */
  minimum_amount: amount,
  charges: z
    .array(charge)
    .max(20)
    .refine((all) => new Set(all.map(({ metric }) => metric)).size === all.length, 'charges a metric twice'),
});
planPricesSchema.register(NAMED_SCHEMAS, { id: 'PlanPrices' });
export type PlanPrices = z.output<typeof planPricesSchema>;

const currency = z.string().regex(/^[A-Z]{3}$/, 'expected a code of ISO 4217 such as EUR');

/** What the calls of a partner are limited to, over all its keys, applications and sessions. */
export const planLimitsSchema = z.strictObject({
  burst_per_minute: z
    .number()
    .int()
    .min(1)
    .max(1e9)
    .meta({ examples: [600] }),
  daily: z
    .number()
    .int()
    .min(1)
    .max(1e12)
    .meta({ examples: [50_000] }),
});
planLimitsSchema.register(NAMED_SCHEMAS, { id: 'PlanLimits' });

/** What a version of a plan sells. Nothing of it changes once the version is published. */
export const planTermsSchema = z.strictObject({
  name: storedText(60).meta({ examples: ['Growth'] }),
  description: storedText(500).meta({ examples: ['For products in production.'] }),
  interval: z.enum(['month', 'year']),
  /** Days without a recurring amount before the first interval. */
  trial_days: z
    .number()
    .int()
    .min(0)
    .max(365)
    .meta({ examples: [14] }),
  /** By currency, ISO 4217. All currencies charge the same metrics and include the same units. */
  prices: z
    .record(currency, planPricesSchema)
    .refine((prices) => Object.keys(prices).length > 0, 'expected a price in at least one currency')
    .refine((prices) => Object.keys(prices).length <= 20, 'expected at most 20 currencies')
    .refine(
      (prices) => new Set(Object.values(prices).map(allowanceOf)).size <= 1,
      'expected the same metrics and included units in all currencies',
    )
    .meta({
      examples: [
        {
          EUR: {
            ...{ recurring_amount: 4900, minimum_amount: 0 },
            charges: [
              { metric: 'calls', included: 500_000, price: { model: 'per_unit', unit_amount: '0.012' } },
            ],
          },
        },
      ],
    }),
  limits: planLimitsSchema.meta({ examples: [{ burst_per_minute: 600, daily: 50_000 }] }),
  /** Sentences for people; they switch nothing. */
  features: z
    .array(storedText(120))
    .max(20)
    .meta({ examples: [['Support within a day']] }),
});
export type PlanTerms = z.output<typeof planTermsSchema>;

export const planVersionSchema = planTermsSchema.extend({
  object: z.literal('plan_version'),
  id: idSchema('planVersion'),
  plan: planIdSchema,
  /** Counted from 1 within the plan. */
  version: z.number().int().min(1),
  /** A retired version takes no new partners; those that have it keep it. */
  status: z.enum(['draft', 'published', 'retired']),
  /** Null while it is a draft. */
  published_at: timestampSchema.nullable(),
});
planVersionSchema.register(NAMED_SCHEMAS, { id: 'PlanVersion' });
export type PlanVersion = z.output<typeof planVersionSchema>;

function allowanceOf({ charges }: PlanPrices): string {
  return charges
    .map(({ metric, included }) => `${metric} ${included}`)
    .sort()
    .join();
}
