import { PATTERN_TABLE_KEY, type PatternTable } from '@gridworks/contracts';
import type { KeyValue } from '../state/key-value.ts';
import { lowerBoundOf, type PatternRecord } from './pattern.ts';

/** More than this no process needs to know at once, and 16 MB hold it many times over. */
export const MAX_PATTERNS = 2000;

/** What an unreadable table counts as: by its version it is never taken for one that says what it should. */
export const EMPTY_TABLE: PatternTable = { version: 0, updated_at: new Date(0).toISOString(), patterns: {} };

/** What decides for which error, of all that decide and are on trial: the surest. A trial yields to what decides. */
export function patternsInUse(records: readonly PatternRecord[], now: number): PatternTable['patterns'] {
  const byMerit = [...records].sort(
    (a, b) =>
      Number(b.state === 'deciding') - Number(a.state === 'deciding') ||
      lowerBoundOf(b, now) - lowerBoundOf(a, now) ||
      (a.id < b.id ? 1 : -1),
  );
  const inUse = new Map<string, PatternTable['patterns'][string]>();
  for (const { fingerprint, strategy, origin, state } of byMerit) {
    if (inUse.size === MAX_PATTERNS) break;
    if (state !== 'deciding' && state !== 'trial') continue;
    if (!inUse.has(fingerprint)) inUse.set(fingerprint, { strategy, origin });
  }
  return Object.fromEntries([...inUse].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Makes the stored table say what PostgreSQL says, which is asked after the stored revision was read: who writes
 * last has read last, however many healers write. Answers whether anything had to be changed.
 */
export async function writeTable(
  bucket: KeyValue<PatternTable>,
  read: () => Promise<readonly PatternRecord[]>,
  now: () => number,
): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const stored = await bucket.get(PATTERN_TABLE_KEY);
    const patterns = patternsInUse(await read(), now());
    const isReadable = stored !== null && stored.value.version !== EMPTY_TABLE.version;
    if (isReadable && JSON.stringify(stored.value.patterns) === JSON.stringify(patterns)) return false;
    const table: PatternTable = {
      // Above the clock, so that it grows even when the bucket was lost and begins anew.
      version: Math.max(now(), (stored?.value.version ?? 0) + 1),
      updated_at: new Date(now()).toISOString(),
      patterns,
    };
    const written = stored
      ? await bucket.update(PATTERN_TABLE_KEY, table, stored.revision)
      : await bucket.create(PATTERN_TABLE_KEY, table);
    if (written !== null) return true;
  }
  throw new Error('the pattern table changes too fast to be written');
}
