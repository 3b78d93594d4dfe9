import { z } from 'zod';
import { defineRequest } from '../contract/define-contract.ts';
import { listOf } from '../contract/list.ts';
import { NAMED_SCHEMAS } from '../contract/named-schemas.ts';
import { idSchema, timestampSchema } from '../values/identifiers.ts';
import { storedText } from '../values/text.ts';
import {
  DOMAIN_EXISTS,
  DOMAIN_NOT_FOUND,
  DOMAIN_REFUSED,
  DOMAIN_TAKEN,
  DOMAIN_UNPROVEN,
  TOO_MANY_DOMAINS,
} from './domains.errors.ts';

/** For how many days the record of a verified domain may be missing. */
export const DOMAIN_GRACE_DAYS = 7;

/** A domain that a partner says is its own. */
export const domainSchema = z.object({
  object: z.literal('domain'),
  id: idSchema('domain'),
  /** In lower case, in the form of the DNS: `xn--bcher-kva.example`. */
  domain: z.string(),
  /**
   * `pending`: never verified. `verified`. `failing`: verified, but the record is gone; it must be back within
   * `DOMAIN_GRACE_DAYS` days. `lapsed`: it did not come back, and the domain is no longer verified.
   */
  status: z.enum(['pending', 'verified', 'failing', 'lapsed']),
  /** The TXT record that proves the ownership. It must stay for as long as the domain is to be verified. */
  record: z.object({ name: z.string(), value: z.string() }),
  verified_at: timestampSchema.nullable(),
  /** The last look at the DNS that got an answer. */
  last_checked_at: timestampSchema.nullable(),
  /** Since when the record is missing; null while it is there, and before the first verification. */
  failed_since: timestampSchema.nullable(),
  created_at: timestampSchema,
});
domainSchema.register(NAMED_SCHEMAS, { id: 'Domain' });

export const listDomains = defineRequest({
  subject: 'rpc.auth.domain.list',
  summary: 'The domains of the partner with the records that prove them, oldest first',
  http: { method: 'GET', path: '/v1/domains', status: 200 },
  permission: 'domains:read',
  input: z.strictObject({}),
  output: listOf(domainSchema),
  repeatable: true,
});

export const addDomain = defineRequest({
  subject: 'rpc.auth.domain.add',
  summary: 'Add a domain. It counts once the TXT record of the response is published and was verified',
  http: { method: 'POST', path: '/v1/domains', status: 201, idempotent: true },
  permission: 'domains:write',
  audit: { action: 'domain.added', object: 'output.id', shows: ['domain'] },
  input: z.strictObject({ domain: storedText(253).meta({ examples: ['ada-energy.com'] }) }),
  output: domainSchema,
  errors: [DOMAIN_REFUSED, DOMAIN_EXISTS, TOO_MANY_DOMAINS],
});

export const verifyDomain = defineRequest({
  subject: 'rpc.auth.domain.verify',
  summary: 'Look for the TXT record of a domain now',
  http: { method: 'POST', path: '/v1/domains/:id/verify', status: 200, deadlineMs: 6000 },
  permission: 'domains:write',
  audit: { action: 'domain.verified', object: 'input.id' },
  input: z.strictObject({ id: idSchema('domain') }),
  output: domainSchema,
  errors: [DOMAIN_NOT_FOUND, DOMAIN_UNPROVEN, DOMAIN_TAKEN],
  repeatable: true,
});

export const removeDomain = defineRequest({
  subject: 'rpc.auth.domain.remove',
  summary: 'Remove a domain. People who were provisioned with it stay',
  http: { method: 'DELETE', path: '/v1/domains/:id', status: 200 },
  permission: 'domains:write',
  audit: { action: 'domain.removed', object: 'input.id' },
  input: z.strictObject({ id: idSchema('domain') }),
  output: z.object({ object: z.literal('domain'), id: idSchema('domain'), removed: z.literal(true) }),
  errors: [DOMAIN_NOT_FOUND],
});
