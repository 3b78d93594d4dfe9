import { type IncidentRecord, isOfCaptures, type MailClaim } from './incident-record.ts';
import { entry, type Instant, instant, revise } from './revision.ts';

/** The more there is to do for a human the higher: only a higher one may follow one that is out. */
const URGENCY: readonly MailClaim['kind'][] = ['resolved', 'recurring', 'escalated'];
const isMoreUrgent = (kind: MailClaim['kind'], mail: MailClaim): boolean =>
  URGENCY.indexOf(kind) > URGENCY.indexOf(mail.kind);

/** The mail of an incident that is over. */
export const mailOfEnd = ({ incident }: IncidentRecord): 'resolved' | 'recurring' =>
  incident.recurring ? 'recurring' : 'resolved';

/**
 * Claims the incident's only mail; the same record when it was claimed before. Good news of an end that did not last
 * never silence a cry for help: that is a mail of its own.
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

/** The mail server will never take it: it is not tried again, and the incident says so. */
export function mailRefused(record: IncidentRecord, now: Instant, kind = record.mail?.kind): IncidentRecord {
  if (!record.mail || record.mail.sent || record.mail.kind !== kind) return record;
  const text = 'The mail server refused the mail for good; nobody was mailed.';
  return revise(record, {}, [entry(now, 'notified', text)], { mail: { ...record.mail, sent: true } });
}

/**
 * Before an attempt: what the mail says must be true now. `uncertain`: an earlier attempt may have arrived, so it stays
 * what it is. Otherwise a cry for help becomes good news once all is well, and good news of an end that did not last are
 * given back: whoever ends the incident for good claims its mail anew.
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

/** Whether what the mail was claimed for is true: that it is over only while it is. */
export const isTrue = ({ incident, mail }: IncidentRecord): boolean =>
  mail !== null && (mail.kind === 'escalated' || incident.status === 'resolved');

/** Which mail is still to be claimed, or null. What a process healed itself, or what passed, is nobody's mail. */
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
