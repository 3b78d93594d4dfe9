import { describeSpan } from '../incidents/describe.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { openedAt } from '../incidents/recurrence.ts';
import { escalate } from '../incidents/treatment.ts';
import type { HealingContext } from './healing-context.ts';

/** An incident with an old symptom, or one that was taken over, gets the time of one rung first. */
const LEAST_TIME_MS = 10_000;

/** Healing never delays paging: at the deadline an admin is mailed, and healing continues. */
export function pageAtDeadline(context: HealingContext, record: IncidentRecord): NodeJS.Timeout {
  const { clock, incidents, limits, logger, notify } = context;
  const { id, observed_at, recurring } = record.incident;
  // A human knows already that the incident recurs: only an occurrence that stays open is worth a further
  // mail.
  const since = recurring ? openedAt(record) : Date.parse(observed_at);
  const least = Math.min(limits.escalateAfterMs, LEAST_TIME_MS);
  const due = Math.max(least, since + limits.escalateAfterMs - clock());
  const page = async (): Promise<void> => {
    const reason = `Not over after ${describeSpan(limits.escalateAfterMs)}; an admin is mailed while healing continues.`;
    const { incident } = await incidents.change(id, (latest) =>
      latest.incident.status === 'resolved' || latest.incident.status === 'escalated'
        ? latest
        : escalate(latest, reason, false, clock()),
    );
    if (incident.status === 'escalated') notify(id, 'escalated');
  };
  return setTimeout(() => {
    page().catch((error: unknown) => logger.log('incident.escalate_failed', { error, incident: id }));
  }, due);
}
