import { HandleRequest } from '@gridworks/bus';
import {
  forecastUsageCost,
  METRICS,
  type OutputOf,
  type ParsedInputOf,
  partnerOf,
} from '@gridworks/contracts';
import type { CallContext } from '@gridworks/observability';
import { Controller } from '@nestjs/common';
import { DateTime } from 'luxon';
import { describeLine } from '../invoices/lines-of-period.ts';
import { describeSpan } from '../invoicing/invoice-item.ts';
import { partOf, ratedLines } from '../invoicing/rate-period.ts';
import { toInteger } from '../money/money.ts';
import type { Span } from '../periods/periods.ts';
import { pricesIn } from '../rating/rate-plan.ts';
import { totalOf } from '../rating/rate-usage.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { METRIC_NAMES, NO_UNITS, type Units } from './cost-of-usage.ts';
import { forecastUnits, type UnitsForecast } from './forecast-units.ts';
import { type PricedPeriod, UsagePeriods } from './usage-periods.ts';
import { UsageSpansRepository } from './usage-spans.repository.ts';

const DAY_MS = 86_400_000;
/** Whole days that are looked at. */
const DAYS = 28;
const LOCALE = 'en-IE';

type Forecasts = Readonly<Record<keyof Units, UnitsForecast>>;

@Controller()
export class ForecastUsageCostHandler {
  constructor(
    private readonly periods: UsagePeriods,
    private readonly usage: UsageSpansRepository,
    private readonly calls: UsageRepository,
  ) {}

  @HandleRequest(forecastUsageCost)
  async forecast(
    _input: ParsedInputOf<typeof forecastUsageCost>,
    call: CallContext,
  ): Promise<OutputOf<typeof forecastUsageCost>> {
    const partnerId = partnerOf(call);
    const now = new Date();
    const { version, currency, zone, month } = await this.periods.terms(partnerId, now);
    const lastCallAt = await this.calls.lastCallAt(partnerId);
    const periods = await this.periods.within(partnerId, { from: month.from, to: now });
    const days = daysBefore(now, zone);
    const today = { from: days.at(-1)?.to ?? now, to: now };
    const spans = [
      ...periods.map(({ span }) => ({ from: span.from, to: earlier(span.to, now) })),
      ...days,
      today,
    ];
    const units = await this.usage.units(partnerId, spans, now);
    const used = units.slice(0, periods.length);
    const daily = sinceFirst(units.slice(periods.length, -1));
    const last = periods.at(-1);
    const open = last && last.span.to > now ? last : null;
    const pace = {
      ...{ daily, today: units.at(-1) ?? NO_UNITS },
      passed: (now.getTime() - today.from.getTime()) / DAY_MS,
      daysLeft: open ? (open.span.to.getTime() - now.getTime()) / DAY_MS : 0,
    };
    const forecasts = forecastsOf(open ? (used.at(-1) ?? NO_UNITS) : NO_UNITS, pace);
    const lines = periods.flatMap((period, index) =>
      ratedLines(period.version, period, used[index] ?? NO_UNITS).map((line) => ({
        description: describeLine(line, period.version.name, describeSpan(period.span, LOCALE, zone), LOCALE),
        ...{
          quantity: toInteger(line.quantity),
          unit_amount: line.unit_amount,
          amount: toInteger(line.amount),
        },
      })),
    );
    const closed = open ? periods.slice(0, -1) : periods;
    const done = closed.reduce((sum, period, index) => sum + costOf(period, used[index] ?? NO_UNITS), 0n);
    const atEnd = (of: keyof UnitsForecast) =>
      toInteger(done + (open ? costOf(open, unitsOf(forecasts, of)) : 0n));
    return {
      object: 'usage_forecast',
      plan: { id: version.plan, name: version.name },
      period: { from: month.from.toISOString(), to: month.to.toISOString() },
      ...{ time_zone: zone, currency },
      bill: { amount: lines.reduce((sum, { amount }) => sum + amount, 0), lines },
      forecast: { amount: atEnd('forecast'), low: atEnd('low'), high: atEnd('high') },
      metrics: METRIC_NAMES.map((metric) => ({
        ...{ metric, name: METRICS[metric].name, ...forecasts[metric] },
        included: open ? includedIn(open, metric) : 0,
        used: toInteger(open ? (used.at(-1)?.[metric] ?? 0n) : 0n),
      })),
      based_on_days: daily.length,
      counted_until: (lastCallAt ?? month.from).toISOString(),
      observed_at: now.toISOString(),
    };
  }
}

/** The whole days before today by the clock of a zone, oldest first. */
function daysBefore(now: Date, zone: string): Span[] {
  const today = DateTime.fromJSDate(now, { zone }).startOf('day');
  return Array.from({ length: DAYS }, (_, index) => ({
    from: today.minus({ days: DAYS - index }).toJSDate(),
    to: today.minus({ days: DAYS - index - 1 }).toJSDate(),
  }));
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

/** From the first day with a unit on. */
function sinceFirst(days: readonly Units[]): readonly Units[] {
  const first = days.findIndex((units) => METRIC_NAMES.some((metric) => units[metric] > 0n));
  return first < 0 ? [] : days.slice(first);
}

function forecastsOf(
  used: Units,
  pace: { daily: readonly Units[]; today: Units; passed: number; daysLeft: number },
): Forecasts {
  const { passed, daysLeft } = pace;
  const of = (metric: keyof Units) =>
    forecastUnits({
      ...{ used: Number(used[metric]), today: Number(pace.today[metric]), passed, daysLeft },
      days: pace.daily.map((units) => Number(units[metric])),
    });
  return { calls: of('calls'), reported_units: of('reported_units') };
}

const unitsOf = (forecasts: Forecasts, of: keyof UnitsForecast): Units => ({
  calls: BigInt(forecasts.calls[of]),
  reported_units: BigInt(forecasts.reported_units[of]),
});

/** With the minimum, as the invoice will have it. */
const costOf = (period: PricedPeriod, units: Units): bigint =>
  totalOf(ratedLines(period.version, period, units));

function includedIn(period: PricedPeriod, metric: string): number {
  const { charges } = pricesIn(partOf(period.version, period), period.currency);
  return charges.find((charge) => charge.metric === metric)?.included ?? 0;
}
