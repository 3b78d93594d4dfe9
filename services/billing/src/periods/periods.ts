import { DateTime } from 'luxon';

/** A half-open span of time: `to` is not included. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The moment from which the months of a subscription are counted, and the zone (IANA) in which they are. */
export interface Anchor {
  readonly at: Date;
  readonly zone: string;
}

/** Subscriptions begin and end on whole seconds, so that a part of a period is a fraction of whole numbers. */
export const toSecond = (moment: Date): Date => new Date(Math.floor(moment.getTime() / 1000) * 1000);

/**
 * The moment `months` after the anchor: the same time of the same day by the clock of its zone. A month without the day ends earlier, and
 * the next one has the day again: 31 January, 28 February, 31 March. A time that a clock skips is the one after it.
 */
export function monthsAfter({ at, zone }: Anchor, months: number): Date {
  return DateTime.fromJSDate(at, { zone }).plus({ months }).toJSDate();
}

/** The period of `size` months around a moment at or after the anchor. Consecutive periods have no gap and no overlap. */
export function periodAround(anchor: Anchor, size: number, moment: Date): Span {
  const passed = DateTime.fromJSDate(moment, { zone: anchor.zone }).diff(
    DateTime.fromJSDate(anchor.at, { zone: anchor.zone }),
    'months',
  ).months;
  let index = Math.max(0, Math.floor(passed / size) - 1);
  while (monthsAfter(anchor, (index + 1) * size) <= moment) index++;
  return { from: monthsAfter(anchor, index * size), to: monthsAfter(anchor, (index + 1) * size) };
}

/** The days of a span by the clock of a zone, `YYYY-MM-DD`, both included. */
export function daysOf({ from, to }: Span, zone: string): { from: string; to: string } {
  const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
  return { from: dayIn(from, zone), to: dayIn(last, zone) };
}

/** The day of a moment by the clock of a zone, `YYYY-MM-DD`. */
export const dayIn = (moment: Date, zone: string): string =>
  DateTime.fromJSDate(moment, { zone }).toFormat('yyyy-MM-dd');
