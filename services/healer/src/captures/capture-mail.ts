import type { HealingContext } from '../healing/healing-context.ts';
import type { IncidentRepository } from '../incidents/incident.repository.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import type { CaptureClaims } from './capture-claims.ts';
import { withholdMail } from './settle-captured.ts';

/**
 * Requests the incident's one mail, unless the same error of the service was mailed within a day. All errors
 * that the mail shows count as mailed. May be called again after a crash in between: the claim belongs to
 * this incident.
 */
export async function requestMail(
  { incident, captured, mail, merged_into }: IncidentRecord,
  claims: CaptureClaims,
  incidents: IncidentRepository,
  notify: HealingContext['notify'],
  now: number,
): Promise<void> {
  if (captured?.mail !== 'due' || mail !== null || merged_into !== null) return;
  const { id, cause, errors } = incident;
  const owner = await claims.mail(cause.target.name, captured.culprit, id);
  if (owner !== id) {
    await incidents.change(id, (latest) => withholdMail(latest, owner, now));
    return;
  }
  const shown = errors.filter(({ count, healed }) => healed < count);
  for (const { fingerprint } of shown) await claims.mail(cause.target.name, fingerprint, id);
  notify(id, 'escalated');
}
