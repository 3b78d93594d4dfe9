import type { Plan } from '../plans/plan.ts';
import { type RatedLine, rateUsage } from '../rating/rate-usage.ts';
import type { InvoiceDraft } from './compose-invoice.ts';

type Line = InvoiceDraft['lines'][number];

/**
 * What a month with a plan costs: its price, then the live calls above the included ones. A plan of 0 has no line of its own. `calls`
 * counts those of the whole month; `locale` writes the numbers in the words.
 */
export function linesOfPeriod(
  plan: Plan,
  calls: bigint,
  { month, locale, detail = null }: { month: string; locale: string; detail?: string | null },
): Line[] {
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
  const toLine = (description: string) => (rated: RatedLine) => ({
    ...{ description, detail, quantity: rated.quantity },
    ...{ unitAmount: rated.unit_amount, amount: rated.amount },
  });
  const included = new Intl.NumberFormat(locale).format(plan.included_calls);
  const fee = rateUsage({ model: 'flat', amount: plan.monthly_price }, 0n);
  const extra = rateUsage({ model: 'per_unit', unit_amount: plan.unit_price }, calls, {
    included: BigInt(plan.included_calls),
  });
  return [
    ...fee.filter(({ amount }) => amount > 0n).map(toLine(`Plan ${plan.name}, ${name}`)),
    ...extra.map(toLine(`Calls above the included ${included}, ${name}`)),
  ];
}
