import type { HealingContext } from '../healing/healing-context.ts';
import type { IncidentDriver } from '../healing/incident-driver.ts';
import { joinSymptom } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';

/**
 * The bus is back: stores the incident that was kept in a file meanwhile, with its whole timeline, and drives
 * it like any other. When another healer has an incident of the same process already, this one only joins it.
 * `mailed`: its mail was sent, without a claim since there was no bus.
 */
export async function adoptBusIncident(
  { clock, incidents, leases, self }: HealingContext,
  driver: IncidentDriver,
  record: IncidentRecord,
  mailed: boolean,
): Promise<void> {
  const { actions, cause, id, symptoms } = record.incident;
  const { process } = cause.target;
  const epoch = Math.max(0, ...actions.map((action) => action.epoch));
  const lease = await leases.acquire(process, id, epoch);
  const other = lease.held ? null : await incidents.fresh(lease.by.incident_id);
  const symptom = symptoms[0];
  if (other && symptom && other.incident.cause.target.process === process) {
    await incidents.change(other.incident.id, (latest) => joinSymptom(latest, symptom, clock()));
    return;
  }
  const now = new Date(clock()).toISOString();
  await incidents.insert({
    ...record,
    mail: mailed ? { kind: 'escalated', claimed_by: self, attempted_at: now, sent: true } : null,
    incident: { ...record.incident, mailed_at: mailed ? now : null },
  });
  driver.start(id);
}
