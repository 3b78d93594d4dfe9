import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Every kind of public id and its prefix. */
export const ID_PREFIXES = {
  partner: 'par',
  user: 'usr',
  apiKey: 'key',
  session: 'ses',
  ticket: 'tic',
  usage: 'use',
  incident: 'inc',
  symptom: 'sym',
  event: 'evt',
  request: 'req',
  pause: 'pau',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/**
 * A new id: prefix, `_`, then 9 base62 characters of the time in milliseconds (so that ids sort by age)
 * and 13 random ones (77 bits). Only `[A-Za-z0-9_]`, so an id is safe in a subject, a path and a file name.
 */
export function newId(kind: IdKind, now: number = Date.now()): string {
  let time = '';
  for (let rest = now, i = 0; i < 9; i++) {
    time = alphabet[rest % 62] + time;
    rest = Math.floor(rest / 62);
  }
  let tail = '';
  while (tail.length < 13) {
    for (const byte of randomBytes(20)) {
      if (byte < 248 && tail.length < 13) tail += alphabet[byte % 62];
    }
  }
  return `${ID_PREFIXES[kind]}_${time}${tail}`;
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

/** An instance of a service or a server, as the platform calls it: `billing`, `billing-2`, `postgres`. */
export const processNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(64);
