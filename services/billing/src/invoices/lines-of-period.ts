import { isMetric, METRICS, type PlanVersion } from '@gridworks/contracts';
import { type PlanLine, type Quantities, rateCharges, rateFee } from '../rating/rate-plan.ts';
import type { InvoiceDraft } from './compose-invoice.ts';

type Line = InvoiceDraft['lines'][number];

interface Words {
  /** The month, `2026-11`. */
  readonly month: string;
  /** Writes the numbers in the words. */
  readonly locale: string;
  readonly detail?: string | null;
}

/**
 * What a month with a monthly plan version costs in a currency: its fee, then its charges. A fee of 0 has no line. Throws
 * `BILLING.CURRENCY_NOT_PRICED`.
 */
export function linesOfPeriod(
  version: PlanVersion,
  currency: string,
  quantities: Quantities,
  words: Words,
): Line[] {
  const name = new Intl.DateTimeFormat(words.locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${words.month}-01T00:00:00Z`));
  return [...rateFee(version, currency), ...rateCharges(version, currency, quantities)].map((line) => ({
    description: describeLine(line, version.name, name, words.locale),
    ...{ detail: words.detail ?? null, quantity: line.quantity },
    ...{ unitAmount: line.unit_amount, amount: line.amount },
  }));
}

/** What an invoice says of a line. `period` is a month or year in words. */
export function describeLine(line: PlanLine, plan: string, period: string, locale: string): string {
  const count = (units: bigint) => new Intl.NumberFormat(locale).format(units);
  if (line.of === 'fee') return `Plan ${plan}, ${period}`;
  if (line.of === 'minimum') return `Minimum of plan ${plan}, ${period}`;
  const name = isMetric(line.metric) ? METRICS[line.metric].name : line.metric;
  const above = line.included > 0n ? ` above the included ${count(line.included)}` : '';
  return `${name}${above}${tierOf(line, count)}, ${period}`;
}

function tierOf({ kind, tier }: PlanLine, count: (units: bigint) => string): string {
  if (kind === 'package') return ', packages';
  if (!tier) return '';
  const span = tier.to === null ? `from ${count(tier.from)}` : `${count(tier.from)} to ${count(tier.to)}`;
  return kind === 'flat' ? `, ${span}, fixed` : `, ${span}`;
}
