import { hash } from 'node:crypto';

/** The hash before the first entry of a chain. */
export const FIRST_HASH = '0'.repeat(64);

/** The hash of an entry: lower-case hex SHA-256 of the hash before, a line feed and the text of the entry. */
export const chainHash = (previousHash: string, entry: string): string =>
  hash('sha256', `${previousHash}\n${entry}`, 'hex');

/**
 * A value as JSON whose members are sorted, so that the same value is the same text. Text that PostgreSQL does not store
 * (NUL, halves of surrogate pairs) is replaced by U+FFFD.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'string') return storable(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    const members = Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(members.map(([name, member]) => [storable(name), member]));
  });
}

const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
