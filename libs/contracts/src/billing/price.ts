import { z } from 'zod';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';

/** Minor units of the plan's currency as a whole number. */
const amount = z
  .number()
  .int()
  .min(0)
  .max(1e12)
  .meta({ examples: [4900] });

/** Minor units of the plan's currency for one unit: a decimal string, since it may have decimals of its own. */
const unitAmount = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a decimal number of minor units, at least 0')
  .meta({ examples: ['0.012'] });

const tiers = z
  .array(
    z.strictObject({
      /** The last unit of the tier, included; null for the last tier, which has no end. */
      up_to: z.number().int().min(1).max(1e15).nullable(),
      unit_amount: unitAmount,
      /** Charged once when a unit falls into the tier. */
      flat_amount: amount,
    }),
  )
  .min(1)
  .max(20)
  .refine(
    (all) =>
      all.every(({ up_to }, index) =>
        index === all.length - 1
          ? up_to === null
          : up_to !== null && up_to > (index === 0 ? 0 : (all[index - 1]?.up_to ?? Number.POSITIVE_INFINITY)),
      ),
    'expected tiers in ascending order, of which the last alone has no end',
  );

/**
 * What a quantity costs, by model:
 * - `flat`: `amount`, whatever the quantity.
 * - `per_unit`: each unit costs the same.
 * - `graduated`: the units that fall into a tier cost what that tier says; the price is the sum over the tiers.
 * - `volume`: all units cost what the tier of the last unit says, so the price may fall where a tier begins.
 * - `package`: `amount` for each begun package of `size` units.
 */
export const priceSchema = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('flat'), amount }),
  z.strictObject({ model: z.literal('per_unit'), unit_amount: unitAmount }),
  z.strictObject({ model: z.literal('graduated'), tiers }),
  z.strictObject({ model: z.literal('volume'), tiers }),
  z.strictObject({ model: z.literal('package'), size: z.number().int().min(1).max(1e12), amount }),
]);
priceSchema.register(NAMED_SCHEMAS, { id: 'Price' });
export type Price = z.output<typeof priceSchema>;
