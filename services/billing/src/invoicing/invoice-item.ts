import type { Span } from '../periods/periods.ts';

export const ITEM_KINDS = ['fee', 'unused_fee', 'charge', 'minimum', 'late'] as const;

/** What will be a line of an invoice. Minor units throughout. */
export interface NewItem {
  /**
   * `fee`: of an interval, in advance; `unused_fee`: the rest of a fee that is given back, below 0; `charge` and `minimum`: of a month, at
   * its end; `late`: what calls cost that arrived after their period was charged.
   */
  readonly kind: (typeof ITEM_KINDS)[number];
  readonly description: string;
  readonly detail: string | null;
  readonly quantity: bigint;
  /** A decimal string. */
  readonly unitAmount: string;
  readonly amount: bigint;
  readonly currency: string;
  /** The time that it is charged for. */
  readonly covers: Span;
  /** From when on an invoice takes it. */
  readonly dueAt: Date;
}

/** An item of one unit. */
export const itemOf = (
  amount: bigint,
  rest: Omit<NewItem, 'amount' | 'unitAmount' | 'quantity'>,
): NewItem => ({
  ...{ ...rest, quantity: 1n, unitAmount: amount.toString(), amount },
});

/** A span in words, both days included: `1 – 31 Dec 2026`. */
export function describeSpan({ from, to }: Span, locale: string, zone: string): string {
  const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone })
    .formatRange(from, last)
    .replaceAll(/[\u2009\u202f]/g, ' ');
}
