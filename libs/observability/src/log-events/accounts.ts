import type { LogEventRow } from './log-event-row.ts';

/** Log lines of auth and billing. */
export const ACCOUNT_EVENTS = {
  'account_mail.not_configured': {
    level: 'warn',
    meaning: 'A mail to a person was not sent, since no mail server is configured.',
    action: 'Set SMTP_URL for auth, so that addresses can be confirmed and passwords be reset.',
  },
  'account_mail.refused': {
    level: 'warn',
    meaning: 'The mail server refused a mail to a person for good; the person can request another one.',
    action: 'Check the address, and whether the mail server accepts mails from EMAIL_FROM.',
  },
  'admin.address_taken': {
    level: 'error',
    meaning: 'The address of the configured admin belongs to a user of a partner; no admin was made.',
    action: 'Configure another address for the admin.',
  },
  'admin.configured': { level: 'info', meaning: 'The configured admin exists.', action: 'none' },
  'admin.create_failed': {
    level: 'warn',
    meaning: 'The configured admin cannot be made yet; the service tries again.',
    action: 'none',
  },
  'api_key.leaked': {
    level: 'warn',
    meaning:
      'A secret scanner found an API key in public; its owners are mailed, and `revoked` says whether it has ended.',
    action: 'When `revoked` is false, ask the partner to replace the key.',
  },
  'audit.head_unpublished': {
    level: 'warn',
    meaning: 'The ends of the audit chains could not be stored in JetStream; they are stored again.',
    action: 'none',
  },
  'audit.months_dropped': {
    level: 'info',
    meaning:
      'Months of the audit log that are older than their retention were dropped; their chains keep an anchor.',
    action: 'none',
  },
  'audit.retention_failed': {
    level: 'warn',
    meaning: 'Old months of the audit log were not dropped; they are dropped later.',
    action: 'none',
  },
  'billing_run.failed': {
    level: 'warn',
    meaning: 'The billing run did not read what is due; it runs again within a minute.',
    action: 'none',
  },
  'billing_run.step_failed': {
    level: 'error',
    meaning:
      'A step of the billing run failed for one partner, and is done again by the next run; the others are charged.',
    action:
      'See `error`. When it repeats, the partner is not charged: `npm run billing -- preview` shows what is due.',
  },
  'domain.lapsed': {
    level: 'info',
    meaning:
      'The record of a verified domain was missing for a week; the domain is no longer verified, and the owners are mailed.',
    action: 'none',
  },
  'domain.recheck_failed': {
    level: 'warn',
    meaning: 'The record of a verified domain could not be looked at; it is looked at again within an hour.',
    action: 'When it concerns all domains, check AUTH_DNS_SERVERS and the name servers of the machine.',
  },
  'invoice.profile_incomplete': {
    level: 'warn',
    meaning: 'An invoice is due, and the billing profile of the partner lacks what it needs; it waits.',
    action: 'Ask the partner to complete its billing profile.',
  },
  'invoice_mail.not_configured': {
    level: 'warn',
    meaning: 'An invoice was not mailed, since no mail server is configured; it is in the portal.',
    action: 'Set SMTP_URL for billing.',
  },
  'invoice_mail.refused': {
    level: 'warn',
    meaning: 'The mail server refused the mail with an invoice for good; the invoice is in the portal.',
    action: 'Check the address in the billing profile of the partner.',
  },
  'reconciliation.differs': {
    level: 'error',
    meaning: 'Meter, invoices and ledger do not agree: `what` says where, `differences` in how many places.',
    action: 'Run `npm run billing -- reconcile`, and correct what was charged wrongly by a credit note.',
  },
  'reconciliation.failed': {
    level: 'warn',
    meaning: 'Meter, invoices and ledger could not be compared; they are compared in the next night.',
    action: 'When it repeats, run `npm run billing -- reconcile` and see its error.',
  },
  'budgets.look_failed': {
    level: 'warn',
    meaning:
      'Budgets could not be compared with the calls that were counted; it is done again within a second.',
    action: 'When it repeats, see `error`. Gateways go on counting against the allowance that they know.',
  },
  'credits.upkeep_failed': {
    level: 'warn',
    meaning: 'Credit that has ended was not ended, or its partner was not told; the next hour does it.',
    action: 'When it repeats, see `error`.',
  },
  'secrets.reseal_failed': {
    level: 'warn',
    meaning:
      'Secrets of second factors could not be encrypted with the current key; those that could be are.',
    action:
      'Keep the older keys in AUTH_SECRET_KEYS, and restart auth when its database is back. A key that was lost takes the authenticator apps of its time with it.',
  },
  'secrets.resealed': {
    level: 'info',
    meaning: 'Secrets of second factors were encrypted anew with the current key.',
    action: 'none',
  },
  'session.use_unrecorded': {
    level: 'warn',
    meaning:
      'The use of a session or SCIM token could not be recorded; the credential was verified all the same.',
    action: 'none',
  },
  'signing_keys.upkeep_failed': {
    level: 'warn',
    meaning: 'The keys that sign access tokens were not looked after; that is tried again in an hour.',
    action: 'See `error`. If it names AUTH_SECRET_KEYS, put the key that was removed back.',
  },
  'usage_record.too_old': {
    level: 'warn',
    meaning:
      'Calls were metered in a month whose records are dropped, and were not counted: nothing tells any more whether they were before.',
    action:
      'Find the gateway whose journal is older than BILLING_USAGE_MONTHS; a person decides what its calls cost.',
  },
  'usage_records.months_dropped': {
    level: 'info',
    meaning: 'Months of metered calls that are older than BILLING_USAGE_MONTHS were dropped.',
    action: 'none',
  },
  'usage_rollup.delete_failed': {
    level: 'warn',
    meaning: 'Old calls or roll-ups of usage were not deleted; they are deleted later.',
    action: 'none',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;
