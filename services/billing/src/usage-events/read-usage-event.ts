import { isReportable, METRICS, type UsageEventRefusal, usageEventSchema } from '@gridworks/contracts';

/** An event of a call that fits its schema. */
export interface ReadEvent {
  readonly index: number;
  readonly id: string;
  readonly source: string;
  readonly subject: string | null;
  readonly at: Date;
  readonly quantity: number;
  /** Null for a correction, which has the metric of the event that it corrects. */
  readonly metric: string | null;
  /** The id of the event of the same source that is corrected. */
  readonly corrects: string | null;
}

/** Why an event is refused. `pointer` leads to the member in the event. */
export interface RefusedEvent {
  readonly index: number;
  readonly id: string | null;
  readonly code: UsageEventRefusal;
  readonly detail: string;
  readonly pointer: string;
}

/** How far ahead the clock of a partner may be. */
const AHEAD_MS = 5 * 60_000;

/**
 * Reads one event of a call. `oldest`: the first moment from which on usage is kept and charged; a correction has the time of the event that it
 * corrects, so its own is not looked at.
 */
export function readUsageEvent(
  given: Readonly<Record<string, unknown>>,
  index: number,
  { now, oldest }: { readonly now: Date; readonly oldest: Date },
): ReadEvent | RefusedEvent {
  const refused = (code: UsageEventRefusal, detail: string, pointer: string): RefusedEvent => ({
    ...{ index, code, detail, pointer },
    id: typeof given.id === 'string' ? given.id.slice(0, 200) : null,
  });
  const parsed = usageEventSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String) ?? [];
    const detail = `${path.join('.') || 'the event'}: ${issue?.message ?? 'is not valid'}`;
    return refused('BILLING.USAGE_EVENT_INVALID', detail, path.map((name) => `/${name}`).join(''));
  }
  const event = parsed.data;
  const at = event.time === undefined ? now : new Date(event.time);
  const common = { index, id: event.id, source: event.source, subject: event.subject ?? null, at };
  if (event.type === 'usage.corrected')
    return { ...common, quantity: event.data.quantity, metric: null, corrects: event.data.corrects };
  const { metric, quantity } = event.data;
  if (!isReportable(metric)) {
    const names = Object.keys(METRICS).filter(isReportable).join(', ');
    return refused(
      'BILLING.METRIC_NOT_REPORTABLE',
      `${metric} is not reported; ${names} is.`,
      '/data/metric',
    );
  }
  if (at.getTime() > now.getTime() + AHEAD_MS)
    return refused('BILLING.USAGE_EVENT_IN_FUTURE', `It is ${now.toISOString()} now.`, '/time');
  if (at < oldest)
    return refused(
      'BILLING.USAGE_EVENT_TOO_OLD',
      `Usage is counted from ${oldest.toISOString()} on.`,
      '/time',
    );
  return { ...common, quantity, metric, corrects: null };
}

/** Divides outcomes into those that are refused and all others. */
export function divide<T extends object>(all: readonly (T | RefusedEvent)[]): [T[], RefusedEvent[]] {
  const isRefused = (one: T | RefusedEvent): one is RefusedEvent => 'pointer' in one;
  return [all.filter((one): one is T => !isRefused(one)), all.filter(isRefused)];
}
