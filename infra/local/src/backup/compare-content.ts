import type { DatabaseContent } from './read-content.ts';

/** What differs between a manifest and a restored database, a sentence each; empty when nothing does. */
export function compareContent(expected: DatabaseContent, found: DatabaseContent): string[] {
  const differences: string[] = [];
  const there = new Map(found.tables.map((each) => [each.table, each]));
  for (const { table, rows, checksum } of expected.tables) {
    const other = there.get(table);
    there.delete(table);
    if (!other) differences.push(`table ${table} is missing (${rows} rows)`);
    else if (other.rows !== rows)
      differences.push(`table ${table} has ${other.rows} rows instead of ${rows}`);
    else if (other.checksum !== checksum)
      differences.push(`table ${table} has ${rows} rows, and at least one of them is another`);
  }
  for (const table of there.keys()) differences.push(`table ${table} is not in the manifest`);
  for (const [schema, names] of Object.entries(expected.migrations)) {
    for (const name of missing(names, found.migrations[schema] ?? []))
      differences.push(`migration ${name} of ${schema} is missing`);
  }
  for (const [word, before, after] of [
    ['role', expected.roles, found.roles],
    ['right', expected.grants, found.grants],
  ] as const) {
    for (const line of missing(before, after)) differences.push(`${word} ${line} is missing`);
    for (const line of missing(after, before)) differences.push(`${word} ${line} is not in the manifest`);
  }
  return differences;
}

function missing(wanted: readonly string[], present: readonly string[]): string[] {
  const known = new Set(present);
  return wanted.filter((each) => !known.has(each));
}
