import { describeSpan } from '../incidents/describe.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { openedAt } from '../incidents/recurrence.ts';
import { escalate } from '../incidents/treatment.ts';
import type { HealingContext } from './healing-context.ts';

/** An old symptom, or an incident that was taken over, gets the time of one rung first. */
const LEAST_TIME_MS = 10_000;

/** Paging is never delayed by healing: when the time is up an admin is told, and healing goes on. */
export function pageAtDeadline(context: HealingContext, record: IncidentRecord): NodeJS.Timeout {
  const { clock, incidents, limits, logger, notify } = context;
  const { id, observed_at, recurring } = record.incident;
  // A human knows already that it keeps coming back: only one that stays away is worth a further mail.
  const since = recurring ? openedAt(record) : Date.parse(observed_at);
  const least = Math.min(limits.escalateAfterMs, LEAST_TIME_MS);
  const due = Math.max(least, since + limits.escalateAfterMs - clock());
  const page = async (): Promise<void> => {
    const reason = `Not over after ${describeSpan(limits.escalateAfterMs)}; an admin is told while the healer goes on.`;
    const { incident } = await incidents.change(id, (latest) =>
      latest.incident.status === 'resolved' || latest.incident.status === 'escalated'
        ? latest
        : escalate(latest, reason, false, clock()),
    );
    if (incident.status === 'escalated') notify(id, 'escalated');
  };
  return setTimeout(() => {
    page().catch((error: unknown) =>
      logger.error({ error, incident: id }, 'an overdue incident was not escalated'),
    );
  }, due);
}
