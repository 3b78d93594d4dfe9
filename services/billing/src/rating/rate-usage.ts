import type { Price } from '@gridworks/contracts';
import { Decimal, roundHalfUp } from '../money/round.ts';

/** One line of what a price charges. `amount` is `quantity` times `unit_amount`, rounded half up: each line is rounded once. */
export interface RatedLine {
  /**
   * `flat`: once; `unit`: for each unit; `package`: for each begun package; `minimum`: what is missing to the minimum.
   */
  readonly kind: 'flat' | 'unit' | 'package' | 'minimum';
  readonly quantity: bigint;
  /** Minor units for one, as a decimal string. */
  readonly unit_amount: string;
  /** Minor units. */
  readonly amount: bigint;
  /** The units that a line of a tier is about, both included; `to` is null in the last tier. */
  readonly tier?: { readonly from: bigint; readonly to: bigint | null };
}

export interface RatingOptions {
  /** Units that cost nothing. They are taken off before the price is asked, so tiers count the units above them. */
  readonly included?: bigint;
  /** Minor units that are charged at least. */
  readonly minimum?: bigint;
}

type Tiered = Extract<Price, { model: 'graduated' | 'volume' }>;
interface Span {
  readonly from: bigint;
  readonly to: bigint | null;
  readonly unit_amount: string;
  readonly flat_amount: number;
}

/**
 * The lines that a quantity of whole units, at least 0, costs. No unit costs nothing, except for a `flat` price and the minimum.
 * Lines of the amount 0 stay, so that a bill shows the units.
 */
export function rateUsage(price: Price, quantity: bigint, options: RatingOptions = {}): RatedLine[] {
  const { included = 0n, minimum = 0n } = options;
  if (quantity < 0n || included < 0n) throw new RangeError('a quantity must not be below 0');
  const lines = linesOf(price, quantity > included ? quantity - included : 0n);
  const missing = minimum - totalOf(lines);
  return missing > 0n ? [...lines, line('minimum', 1n, missing.toString())] : lines;
}

/** Minor units of all lines. */
export function totalOf(lines: readonly RatedLine[]): bigint {
  return lines.reduce((total, { amount }) => total + amount, 0n);
}

function linesOf(price: Price, quantity: bigint): RatedLine[] {
  if (price.model === 'flat') return [line('flat', 1n, price.amount.toString())];
  if (quantity === 0n) return [];
  switch (price.model) {
    case 'per_unit':
      return [line('unit', quantity, price.unit_amount)];
    case 'package': {
      const size = BigInt(price.size);
      return [line('package', (quantity + size - 1n) / size, price.amount.toString())];
    }
    case 'volume':
      return spansOf(price)
        .filter(({ from, to }) => quantity >= from && (to === null || quantity <= to))
        .flatMap((span) => linesOfSpan(span, quantity));
    case 'graduated':
      return spansOf(price)
        .filter(({ from }) => quantity >= from)
        .flatMap((span) => {
          const last = span.to === null || quantity < span.to ? quantity : span.to;
          return linesOfSpan(span, last - span.from + 1n);
        });
  }
}

function spansOf({ tiers }: Tiered): Span[] {
  let from = 1n;
  return tiers.map(({ up_to, unit_amount, flat_amount }) => {
    const span = { from, to: up_to === null ? null : BigInt(up_to), unit_amount, flat_amount };
    from = (span.to ?? 0n) + 1n;
    return span;
  });
}

function linesOfSpan({ from, to, unit_amount, flat_amount }: Span, quantity: bigint): RatedLine[] {
  const tier = { from, to };
  const units = { ...line('unit', quantity, unit_amount), tier };
  return flat_amount === 0 ? [units] : [units, { ...line('flat', 1n, flat_amount.toString()), tier }];
}

function line(kind: RatedLine['kind'], quantity: bigint, unitAmount: string): RatedLine {
  const amount = roundHalfUp(new Decimal(unitAmount).times(quantity.toString()));
  return { kind, quantity, unit_amount: unitAmount, amount };
}
