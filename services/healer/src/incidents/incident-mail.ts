import type { IncidentRecord, MailClaim } from './incident-record.ts';
import { entry, type Instant, instant, revise } from './revision.ts';

/** Claims the incident's only mail; the same record when it was claimed before. */
export function claimMail(
  record: IncidentRecord,
  kind: MailClaim['kind'],
  claimedBy: string,
  now: Instant,
): IncidentRecord {
  if (record.mail) return record;
  const mail: MailClaim = {
    kind,
    claimed_by: claimedBy,
    attempted_at: instant(now),
    sent: false,
  };
  return { ...record, mail };
}

export function mailSent(record: IncidentRecord, recipients: number, now: Instant): IncidentRecord {
  if (!record.mail || record.mail.sent) return record;
  const people = recipients === 1 ? '1 admin' : `${recipients} admins`;
  return revise(record, { mailed_at: instant(now) }, [entry(now, 'notified', `Mailed to ${people}.`)], {
    mail: { ...record.mail, sent: true },
  });
}

/** The mail server will never take it: it is not tried again, and the incident says so. */
export function mailRefused(record: IncidentRecord, now: Instant): IncidentRecord {
  if (!record.mail || record.mail.sent) return record;
  const text = 'The mail server refused the mail for good; nobody was mailed.';
  return revise(record, {}, [entry(now, 'notified', text)], { mail: { ...record.mail, sent: true } });
}
