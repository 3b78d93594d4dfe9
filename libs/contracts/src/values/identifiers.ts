import { randomFillSync } from 'node:crypto';
import { z } from 'zod';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Every kind of public id and its prefix. */
export const ID_PREFIXES = {
  partner: 'par',
  user: 'usr',
  apiKey: 'key',
  session: 'ses',
  member: 'mem',
  role: 'rol',
  invitation: 'inv',
  accountToken: 'act',
  ticket: 'tic',
  usage: 'use',
  incident: 'inc',
  symptom: 'sym',
  event: 'evt',
  request: 'req',
  pause: 'pau',
  pattern: 'pat',
  verdict: 'ver',
  demo: 'dem',
  deadLetter: 'dle',
  checkChange: 'chc',
  auditEntry: 'aud',
  supportAccess: 'sac',
  indexSuggestion: 'sug',
  passkey: 'psk',
  domain: 'dom',
  application: 'app',
  scimToken: 'sct',
  scimUser: 'scu',
  scimGroup: 'scg',
  externalIdentity: 'exi',
  ssoConnection: 'sso',
  ssoIdentity: 'ssi',
  ledgerTransaction: 'ltx',
  invoice: 'ivc',
  planVersion: 'plv',
  subscription: 'sub',
  invoiceItem: 'ivi',
  payment: 'pay',
  paymentMethod: 'pmt',
  limitOverride: 'lov',
  creditGrant: 'crg',
  creditMovement: 'crm',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

// Random bytes come from a pool: one system call for hundreds of ids instead of one each.
const pool = Buffer.allocUnsafe(8192);
let used = pool.length;
let lastMoment = -1;
let lastPrefix = '';

/** The time as 9 base62 characters, remembered since ids are often made in the same millisecond. */
function timePart(now: number): string {
  if (now === lastMoment) return lastPrefix;
  let time = '';
  for (let rest = now, i = 0; i < 9; i++) {
    time = ALPHABET[rest % 62] + time;
    rest = Math.floor(rest / 62);
  }
  lastMoment = now;
  lastPrefix = time;
  return time;
}

/**
 * A new id: prefix, `_`, then 9 base62 characters of the time in milliseconds (so that ids sort by age)
 * and 13 random ones (77 bits). Only `[A-Za-z0-9_]`, so an id is safe in a subject, a path and a file name.
 */
export function newId(kind: IdKind, now: number = Date.now()): string {
  let text = `${ID_PREFIXES[kind]}_${timePart(now)}`;
  for (let missing = 13; missing > 0; ) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used++] as number;
    // 248 is the largest multiple of 62 in a byte: with larger values some characters would be more frequent.
    if (byte >= 248) continue;
    text += ALPHABET[byte % 62];
    missing--;
  }
  return text;
}

/** The schema of an id of one kind. Wildcards, dots and white space of NATS subjects never pass. */
export function idSchema(kind: IdKind) {
  return z
    .string()
    .regex(
      new RegExp(`^${ID_PREFIXES[kind]}_[0-9A-Za-z]{22}$`),
      `expected an id that starts with ${ID_PREFIXES[kind]}_`,
    )
    .meta({ examples: [`${ID_PREFIXES[kind]}_0UQ3kZ1aB7dEfGhIjKlMnO`] });
}

/** RFC 3339, UTC. */
export const timestampSchema = z.iso.datetime();

/**
 * An instance of a service or a server, by the platform's name for it: `billing`, `billing-2`, `postgres`.
 */
export const processNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64)
  .meta({ examples: ['billing-2'] });
