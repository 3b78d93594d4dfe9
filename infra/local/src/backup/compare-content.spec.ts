import { describe, expect, it } from '@jest/globals';
import { compareContent } from './compare-content.ts';
import type { DatabaseContent } from './read-content.ts';

const table = (name: string, rows: number, checksum: string) => ({
  table: name,
  rows,
  checksum,
  bytes: 8192,
});
const content: DatabaseContent = {
  tables: [table('auth.users', 2, '7:9'), table('billing.ledger', 5, '1:2')],
  migrations: { auth: ['CreateUsers1'] },
  roles: ['auth:login'],
  grants: ['schema auth auth=UC/auth'],
};

describe('compareContent', () => {
  it('finds nothing in the same content, in whatever order', () => {
    expect(compareContent(content, { ...content, tables: content.tables.toReversed() })).toEqual([]);
  });

  it.each<[string, Partial<DatabaseContent>, string]>([
    ['a missing table', { tables: [content.tables[0]!] }, 'table billing.ledger is missing (5 rows)'],
    [
      'a missing row',
      { tables: [content.tables[0]!, table('billing.ledger', 4, '1:2')] },
      'table billing.ledger has 4 rows instead of 5',
    ],
    [
      'a changed row',
      { tables: [content.tables[0]!, table('billing.ledger', 5, '1:3')] },
      'table billing.ledger has 5 rows, and at least one of them is another',
    ],
    [
      'a table too many',
      { tables: [...content.tables, table('auth.extra', 0, '')] },
      'table auth.extra is not in the manifest',
    ],
    ['a missing migration', { migrations: {} }, 'migration CreateUsers1 of auth is missing'],
    ['a role with more rights', { roles: ['auth:superuser,login'] }, 'role auth:login is missing'],
    [
      'a right too many',
      { grants: [...content.grants, 'schema auth =U/auth'] },
      'right schema auth =U/auth is not in the manifest',
    ],
  ])('names %s', (_, change, sentence) => {
    expect(compareContent(content, { ...content, ...change })).toContain(sentence);
  });
});
