import { DOMAIN_GRACE_DAYS, type domainSchema, newId, randomBase62 } from '@gridworks/contracts';
import type { z } from 'zod';

/** A row of `verified_domains`: a domain that a partner says is its own. */
export interface Domain {
  readonly id: string;
  readonly partner_id: string;
  /** In lower case and in the form of the DNS. */
  readonly domain: string;
  /** What the TXT record must say. No secret: everybody can read it in the DNS. */
  readonly token: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly verified_at: Date | null;
  /** The last look at the DNS that got an answer. */
  readonly last_checked_at: Date | null;
  /** Since when the record of a domain that was verified is missing. */
  readonly failed_since: Date | null;
}

/** How many domains a partner may have. */
export const MAX_DOMAINS = 50;
/** A verified domain is looked at again after this time. */
export const CHECK_EVERY_MS = 24 * 3_600_000;
const GRACE_MS = DOMAIN_GRACE_DAYS * 24 * 3_600_000;
const TOKEN_LENGTH = 32;

export function makeDomain(partnerId: string, domain: string, createdBy: string): Domain {
  return {
    id: newId('domain'),
    partner_id: partnerId,
    domain,
    token: randomBase62(TOKEN_LENGTH),
    created_by: createdBy,
    created_at: new Date(),
    verified_at: null,
    last_checked_at: null,
    failed_since: null,
  };
}

/** The TXT record that proves that a partner owns a domain. */
export const recordOf = ({ domain, token }: Domain): { name: string; value: string } => ({
  name: `_gridworks-challenge.${domain}`,
  value: `gridworks-domain-verification=${token}`,
});

/** What a row becomes when its record was found. */
export const proven = (row: Domain, at: Date): Domain => ({
  ...row,
  verified_at: row.verified_at ?? at,
  last_checked_at: at,
  failed_since: null,
});

/** What a verified row becomes when its record was not found: after the days of grace it is no longer verified. */
export function unproven(row: Domain, at: Date): Domain {
  const since = row.failed_since ?? at;
  const isOver = at.getTime() - since.getTime() >= GRACE_MS;
  return {
    ...row,
    verified_at: isOver ? null : row.verified_at,
    last_checked_at: at,
    failed_since: row.verified_at === null ? row.failed_since : since,
  };
}

function statusOf({ verified_at: verified, failed_since: failed }: Domain) {
  if (verified) return failed ? 'failing' : 'verified';
  return failed ? 'lapsed' : 'pending';
}

export function presentDomain(row: Domain): z.output<typeof domainSchema> {
  return {
    object: 'domain',
    id: row.id,
    domain: row.domain,
    status: statusOf(row),
    record: recordOf(row),
    verified_at: row.verified_at?.toISOString() ?? null,
    last_checked_at: row.last_checked_at?.toISOString() ?? null,
    failed_since: row.failed_since?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
