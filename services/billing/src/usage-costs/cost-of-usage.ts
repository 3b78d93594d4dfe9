import { METRICS, type Metric, type PlanVersion } from '@gridworks/contracts';
import { type RatedPeriod, ratedLines } from '../invoicing/rate-period.ts';

/** Live units by metric. */
export type Units = Readonly<Record<Metric, bigint>>;

export const METRIC_NAMES = Object.keys(METRICS) as Metric[];
export const NO_UNITS = Object.fromEntries(METRIC_NAMES.map((metric) => [metric, 0n])) as Units;

export const addUnits = (one: Units, other: Units): Units =>
  Object.fromEntries(METRIC_NAMES.map((metric) => [metric, one[metric] + other[metric]])) as Units;
export const isNothing = (units: Units): boolean => METRIC_NAMES.every((metric) => units[metric] === 0n);

/**
 * What units of a billing period cost, by metric, in minor units: the charges that they bring about. The minimum and fixed amounts are of the
 * period and not of its units.
 */
export function costOfUnits(version: PlanVersion, period: RatedPeriod, units: Units): Units {
  const sum = { ...NO_UNITS } as Record<Metric, bigint>;
  const none = ratedLines(version, period, NO_UNITS);
  for (const [sign, lines] of [
    [1n, ratedLines(version, period, units)],
    [-1n, none],
  ] as const)
    for (const line of lines)
      if (line.of === 'charge' && line.metric in sum) sum[line.metric as Metric] += sign * line.amount;
  return sum;
}

/**
 * What each of a row of spans of one period added to its bill, in the order of time: the cost with it minus the cost without it. So the costs
 * of all spans of a period sum to what the period costs.
 */
export function costsInOrder(version: PlanVersion, period: RatedPeriod, spans: readonly Units[]): Units[] {
  let before = NO_UNITS;
  let cost = costOfUnits(version, period, before);
  return spans.map((units) => {
    before = addUnits(before, units);
    const next = costOfUnits(version, period, before);
    const added = Object.fromEntries(
      METRIC_NAMES.map((metric) => [metric, next[metric] - cost[metric]]),
    ) as Units;
    cost = next;
    return added;
  });
}
