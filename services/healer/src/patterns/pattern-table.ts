import { PATTERN_TABLE_KEY, type PatternTable } from '@gridworks/contracts';
import type { KeyValue } from '../state/key-value.ts';
import { lowerBoundOf, type PatternRecord } from './pattern.ts';

/** No process needs more than this at once; 16 MB would hold many times as many. */
export const MAX_PATTERNS = 2000;

/** Stands for an unreadable table: its version makes `writeTable` replace it. */
export const EMPTY_TABLE: PatternTable = { version: 0, updated_at: new Date(0).toISOString(), patterns: {} };

/**
 * The strategies in use, one for each error, from all patterns that decide or are on trial; those with the
 * best lower bound first. A trial yields to a deciding pattern.
 */
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
 * Makes the stored table equal to PostgreSQL. PostgreSQL is read after the stored revision was read: the last
 * healer to write has read last, however many healers write. Returns whether the table changed.
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
      // Above the clock, so that the version grows even when the bucket was lost and is created again.
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
