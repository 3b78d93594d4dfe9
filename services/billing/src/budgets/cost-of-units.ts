import type { Metric, PlanVersion } from '@gridworks/contracts';
import { partOf, type RatedPeriod, ratedLines } from '../invoicing/rate-period.ts';
import { pricesIn, type Quantities } from '../rating/rate-plan.ts';
import { totalOf } from '../rating/rate-usage.ts';

/** What units of a period cost, in minor units: without a fee, and without what is missing to a minimum. */
export const costOfUnits = (version: PlanVersion, period: RatedPeriod, quantities: Quantities): bigint =>
  totalOf(ratedLines(version, period, quantities).filter((line) => line.of === 'charge'));

/** The units of a metric that a period includes: a part of a month has a part of them. */
export function includedIn(version: PlanVersion, period: RatedPeriod, metric: Metric): bigint {
  const { charges } = pricesIn(partOf(version, period), period.currency);
  return BigInt(charges.find((charge) => charge.metric === metric)?.included ?? 0);
}
