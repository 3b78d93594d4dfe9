import { HandleRequest } from '@gridworks/bus';
import { getRevenue, type OutputOf, type ParsedInputOf } from '@gridworks/contracts';
import { Controller } from '@nestjs/common';
import { toInteger } from '../money/money.ts';
import { type MonthRow, RevenueRepository } from './revenue.repository.ts';

const amountOf = (text: string | undefined) => toInteger(BigInt(text ?? 0));

@Controller()
export class GetRevenueHandler {
  constructor(private readonly revenue: RevenueRepository) {}

  @HandleRequest(getRevenue)
  async get({ months }: ParsedInputOf<typeof getRevenue>): Promise<OutputOf<typeof getRevenue>> {
    const now = new Date();
    const names = lastMonths(now, months);
    const [rows, open, recurring, subscriptions, failing] = await Promise.all([
      this.revenue.months(new Date(`${names[0]}-01T00:00:00Z`)),
      this.revenue.open(),
      this.revenue.recurring(),
      this.revenue.subscriptions(),
      this.revenue.failing(),
    ]);
    const currencies = [...new Set([...recurring, ...open, ...rows].map(({ currency }) => currency))];
    const shown = currencies.map((currency) => {
      const of = <T extends { readonly currency: string }>(all: readonly T[]) =>
        all.find((one) => one.currency === currency);
      return {
        ...{ currency, recurring: amountOf(of(recurring)?.recurring), paying: of(recurring)?.paying ?? 0 },
        ...{ open: amountOf(of(open)?.open), overdue: amountOf(of(open)?.overdue) },
        months: names.map((month) =>
          presentMonth(
            month,
            rows.find((row) => row.currency === currency && row.month === month),
          ),
        ),
      };
    });
    return {
      ...{ object: 'revenue', observed_at: now.toISOString(), subscriptions, failing },
      currencies: shown.sort((a, b) => b.paying - a.paying || (a.currency < b.currency ? -1 : 1)),
    };
  }
}

/** The names of the last `count` months, UTC, oldest first, with the one of `now`. */
function lastMonths(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - 1 - index), 1))
      .toISOString()
      .slice(0, 7),
  );
}

const presentMonth = (month: string, row: MonthRow | undefined) => ({
  ...{ month, invoiced: amountOf(row?.invoiced), tax: amountOf(row?.tax) },
  ...{ credited: amountOf(row?.credited), received: amountOf(row?.received) },
});
