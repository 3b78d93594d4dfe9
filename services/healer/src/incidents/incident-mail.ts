import { type IncidentRecord, isOfCaptures, type MailClaim } from './incident-record.ts';
import { entry, type Instant, instant, revise } from './revision.ts';

/**
 * Mails by urgency, the most urgent last. After one mail of an incident only a more urgent one may follow.
 */
const URGENCY: readonly MailClaim['kind'][] = ['resolved', 'recurring', 'escalated'];
const isMoreUrgent = (kind: MailClaim['kind'], mail: MailClaim): boolean =>
  URGENCY.indexOf(kind) > URGENCY.indexOf(mail.kind);

/** The mail of an incident that is over. */
export const mailOfEnd = ({ incident }: IncidentRecord): 'resolved' | 'recurring' =>
  incident.recurring ? 'recurring' : 'resolved';

/**
 * Claims the incident's only mail; returns the same record when it was claimed before. A mail of a resolution
 * that did not last never suppresses an escalation: the escalation gets a mail of its own.
 */
export function claimMail(
  record: IncidentRecord,
  kind: MailClaim['kind'],
  claimedBy: string,
  now: Instant,
): IncidentRecord {
  if (record.mail && !(isMoreUrgent(kind, record.mail) && isStillSo(kind, record))) return record;
  const mail: MailClaim = {
    kind,
    claimed_by: claimedBy,
    attempted_at: instant(now),
    sent: false,
  };
  return { ...record, mail };
}

const isStillSo = (kind: MailClaim['kind'], { incident }: IncidentRecord): boolean =>
  kind === 'escalated' ? incident.status === 'escalated' : kind === 'recurring' && incident.recurring;

export function mailSent(
  record: IncidentRecord,
  recipients: number,
  now: Instant,
  kind = record.mail?.kind,
): IncidentRecord {
  if (!record.mail || record.mail.sent || record.mail.kind !== kind) return record;
  const people = recipients === 1 ? '1 admin' : `${recipients} admins`;
  return revise(record, { mailed_at: instant(now) }, [entry(now, 'notified', `Mailed to ${people}.`)], {
    mail: { ...record.mail, sent: true },
  });
}

/** The mail server refused the mail for good: it is not tried again, and the timeline says so. */
export function mailRefused(record: IncidentRecord, now: Instant, kind = record.mail?.kind): IncidentRecord {
  if (!record.mail || record.mail.sent || record.mail.kind !== kind) return record;
  const text = 'The mail server refused the mail for good; no admin was mailed.';
  return revise(record, {}, [entry(now, 'notified', text)], { mail: { ...record.mail, sent: true } });
}

/**
 * Called before each attempt: the mail must be true at that time. `uncertain`: an earlier attempt may have
 * arrived, so the mail keeps its kind. Otherwise an escalation becomes a resolution once the incident is
 * resolved, and the mail of a resolution that did not last is given back: it is claimed again when the
 * incident is resolved for good.
 */
export function prepareMail(record: IncidentRecord, uncertain: boolean, now: Instant): IncidentRecord {
  const { incident, mail } = record;
  if (!mail || mail.sent) return record;
  const attempt = { ...mail, attempted_at: instant(now) };
  if (uncertain || isOfCaptures(record)) return { ...record, mail: attempt };
  if (incident.status === 'resolved') return { ...record, mail: { ...attempt, kind: mailOfEnd(record) } };
  if (incident.status === 'escalated') return { ...record, mail: { ...attempt, kind: 'escalated' } };
  return mail.kind === 'escalated' ? { ...record, mail: attempt } : { ...record, mail: null };
}

/** Whether the mail is true now: the mail of a resolution only while the incident is resolved. */
export const isTrue = ({ incident, mail }: IncidentRecord): boolean =>
  mail !== null && (mail.kind === 'escalated' || incident.status === 'resolved');

/**
 * Which mail must still be claimed, or null. Incidents of caught errors are mailed elsewhere
 * (capture-mail.ts).
 */
export function mailDue(record: IncidentRecord): MailClaim['kind'] | null {
  const { hold_until, incident, mail, merged_into } = record;
  if (isOfCaptures(record) || merged_into !== null || hold_until !== null) return null;
  const due =
    incident.status === 'resolved'
      ? mailOfEnd(record)
      : incident.status === 'escalated'
        ? ('escalated' as const)
        : null;
  if (due === null || mail === null) return due;
  return mail.sent && due !== 'resolved' && isMoreUrgent(due, mail) ? due : null;
}
