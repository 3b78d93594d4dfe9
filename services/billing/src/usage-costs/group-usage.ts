import { AppError, type USAGE_GROUPS, USAGE_RANGE_TOO_LONG } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { allocate } from '../money/allocate.ts';
import { dayIn, type Span } from '../periods/periods.ts';
import { addUnits, costsInOrder, isNothing, NO_UNITS, type Units } from './cost-of-usage.ts';
import { type PricedPeriod, UsagePeriods, type UsageTerms } from './usage-periods.ts';
import { UsageSpansRepository } from './usage-spans.repository.ts';

export type UsageGrouping = (typeof USAGE_GROUPS)[number];

/** Units and what they cost, both by metric. */
export interface GroupedUsage {
  readonly group: string;
  readonly units: Units;
  readonly cost: Units;
}

/** A piece of the range within one billing period, or outside of all. */
interface Piece {
  readonly span: Span;
  readonly period: PricedPeriod | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MOST_DAYS = { hour: 16, other: 400 };

/** The usage of a range of days by key, product, operation, day or hour, with its cost. */
@Injectable()
export class GroupUsage {
  constructor(
    private readonly periods: UsagePeriods,
    private readonly usage: UsageSpansRepository,
  ) {}

  /**
   * Groups without a unit are left out. `days`: the first and the last day by the clock of the subscription. The costs of all groups sum
   * to what the range added to the bills. Throws `BILLING.USAGE_RANGE_TOO_LONG`.
   */
  async group(
    partnerId: string,
    by: UsageGrouping,
    days: { readonly from: string; readonly to: string },
    { zone }: UsageTerms,
    now: Date,
  ): Promise<GroupedUsage[]> {
    const range = rangeOf(days, zone, now);
    const most = by === 'hour' ? MOST_DAYS.hour : MOST_DAYS.other;
    if ((Date.parse(days.to) - Date.parse(days.from)) / DAY_MS >= most)
      throw new AppError(USAGE_RANGE_TOO_LONG, { detail: `Usage by ${by} is for at most ${most} days.` });
    if (range.from >= range.to) return [];
    const periods = await this.periods.within(partnerId, range);
    const bounds = by === 'day' || by === 'hour' ? stepsOf(range, by, zone) : [];
    const pieces = piecesOf(range, bounds, periods);
    const [first] = periods;
    const before = first && first.span.from < range.from ? [{ from: first.span.from, to: range.from }] : [];
    const units = await this.usage.units(partnerId, [...before, ...pieces.map(({ span }) => span)], now);
    const own = units.slice(before.length);
    const costs = costsOf(pieces, own, {
      first: first ?? null,
      units: before.length > 0 ? units[0] : undefined,
    });
    if (by === 'key' || by === 'operation') return sorted(await this.#divide(partnerId, by, pieces, costs));
    const groups = new Groups();
    for (const [index, { span }] of pieces.entries()) {
      const [unitsOf, costOf] = [own[index] ?? NO_UNITS, costs[index] ?? NO_UNITS];
      if (by === 'product') groups.addByMetric(unitsOf, costOf);
      else groups.add(by === 'day' ? dayIn(span.from, zone) : hourOf(span.from), unitsOf, costOf);
    }
    return by === 'product' ? sorted(groups.all()) : groups.all();
  }

  /** The cost of each piece is divided among its groups by their units. */
  async #divide(
    partnerId: string,
    by: 'key' | 'operation',
    pieces: readonly Piece[],
    costs: readonly Units[],
  ): Promise<GroupedUsage[]> {
    const groups = new Groups();
    for (const [index, { span }] of pieces.entries()) {
      const found = [...(await this.usage.groups(partnerId, by, span))].sort(([a], [b]) => (a < b ? -1 : 1));
      const shares = (metric: keyof Units) => {
        const weights = found.map(([, units]) => units[metric]);
        return weights.some((weight) => weight > 0n)
          ? allocate(costs[index]?.[metric] ?? 0n, weights)
          : weights.map(() => 0n);
      };
      const [calls, reported] = [shares('calls'), shares('reported_units')];
      for (const [place, [group, units]] of found.entries())
        groups.add(group, units, { calls: calls[place] ?? 0n, reported_units: reported[place] ?? 0n });
    }
    return groups.all();
  }
}

/** From the first moment of the first day to the end of the last one, or of the present hour. */
function rangeOf({ from, to }: { from: string; to: string }, zone: string, now: Date): Span {
  const end = DateTime.fromISO(to, { zone }).plus({ days: 1 }).toJSDate();
  const present = new Date((Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS);
  return { from: DateTime.fromISO(from, { zone }).toJSDate(), to: end < present ? end : present };
}

/** Where days of a zone, or hours of UTC, begin within a range. */
function stepsOf({ from, to }: Span, by: 'day' | 'hour', zone: string): Date[] {
  const steps: Date[] = [];
  if (by === 'hour')
    for (let at = Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS; at < to.getTime(); at += HOUR_MS)
      steps.push(new Date(at));
  else
    for (
      let at = DateTime.fromJSDate(from, { zone });
      at.toMillis() < to.getTime();
      at = at.plus({ days: 1 })
    )
      steps.push(at.toJSDate());
  return steps;
}

const hourOf = (at: Date): string => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS).toISOString();

/** The range, cut where a step or a billing period begins or ends. */
function piecesOf(range: Span, steps: readonly Date[], periods: readonly PricedPeriod[]): Piece[] {
  const moments = [range.from, range.to, ...steps, ...periods.flatMap(({ span }) => [span.from, span.to])]
    .filter((at) => at >= range.from && at <= range.to)
    .map((at) => at.getTime());
  const cuts = [...new Set(moments)].sort((a, b) => a - b).map((at) => new Date(at));
  return cuts.slice(0, -1).map((from, index) => ({
    span: { from, to: cuts[index + 1] as Date },
    period: periods.find(({ span }) => span.from <= from && from < span.to) ?? null,
  }));
}

/** The cost of each piece, period by period. `before`: the units of the first period before the range. */
function costsOf(
  pieces: readonly Piece[],
  units: readonly Units[],
  before: { readonly first: PricedPeriod | null; readonly units: Units | undefined },
): Units[] {
  const costs: Units[] = pieces.map(() => NO_UNITS);
  const byPeriod = Map.groupBy(pieces.keys(), (index) => pieces[index]?.period ?? null);
  for (const [period, places] of byPeriod) {
    if (!period) continue;
    const earlier = period === before.first && before.units ? [before.units] : [];
    const own = places.map((index) => units[index] ?? NO_UNITS);
    const found = costsInOrder(period.version, period, [...earlier, ...own]).slice(earlier.length);
    for (const [place, index] of places.entries()) costs[index] = found[place] ?? NO_UNITS;
  }
  return costs;
}

class Groups {
  readonly #groups = new Map<string, GroupedUsage>();

  add(group: string, units: Units, cost: Units): void {
    if (isNothing(units)) return;
    const known = this.#groups.get(group) ?? { group, units: NO_UNITS, cost: NO_UNITS };
    this.#groups.set(group, {
      ...{ group, units: addUnits(known.units, units), cost: addUnits(known.cost, cost) },
    });
  }

  addByMetric(units: Units, cost: Units): void {
    this.add('calls', { ...NO_UNITS, calls: units.calls }, { ...NO_UNITS, calls: cost.calls });
    this.add(
      'reported_units',
      { ...NO_UNITS, reported_units: units.reported_units },
      { ...NO_UNITS, reported_units: cost.reported_units },
    );
  }

  all(): GroupedUsage[] {
    return [...this.#groups.values()];
  }
}

const sumOf = (units: Units): bigint => units.calls + units.reported_units;

/** By cost, then by units, then by name. */
function sorted(groups: readonly GroupedUsage[]): GroupedUsage[] {
  const compare = (a: bigint, b: bigint) => (a === b ? 0 : a > b ? -1 : 1);
  return groups.toSorted(
    (a, b) =>
      compare(sumOf(a.cost), sumOf(b.cost)) ||
      compare(sumOf(a.units), sumOf(b.units)) ||
      (a.group < b.group ? -1 : 1),
  );
}
