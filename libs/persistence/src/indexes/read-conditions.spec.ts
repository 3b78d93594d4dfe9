import { describe, expect, it } from '@jest/globals';
import { findCandidates, isCovered } from './find-candidates.ts';
import { readConditions, readSortKey } from './read-conditions.ts';

describe('conditions of a plan', () => {
  it.each([
    ['(t.partner_id = $1)', ['partner_id'], []],
    ['((t.partner_id = $1) AND (t.created_at > $2))', ['partner_id'], ['created_at']],
    ['((t.state)::text = ANY ($1))', ['state'], []],
    [`((t."Kind" = 'a AND (b'::text) AND (t.n < 5))`, ['Kind'], ['n']],
    ['(((t.a = $1) AND (t.b = $2)) AND (t.c >= $3) AND (t.c < $4))', ['a', 'b'], ['c']],
    // None of these can be served by an ordinary index, or not as the condition stands.
    ['((t.a = $1) OR (t.b = $2))', [], []],
    ['(t.a <> $1)', [], []],
    ['(lower(t.a) = $1)', [], []],
    ['(t.at = t.other)', [], []],
    ['(other.a = $1)', [], []],
    ['((t.at)::date = $1)', [], []],
    ['(t.a IS NULL)', [], []],
  ])('%s', (condition, equal, range) => {
    expect(readConditions(condition, 't')).toEqual({ equal, range });
  });

  it('compare with columns of other tables, too', () => {
    expect(readConditions('(t.partner_id = p.id)', 't')).toEqual({ equal: ['partner_id'], range: [] });
  });

  it.each([
    ['t.created_at DESC', { name: 'created_at', descending: true }],
    ['t.id COLLATE "C"', { name: 'id', descending: false }],
    ['t."Key"', { name: 'Key', descending: false }],
    ['t.a DESC NULLS LAST', null],
    ['(count(*)) DESC', null],
    ['o.created_at', null],
  ])('sort key %s', (key, expected) => {
    expect(readSortKey(key, 't')).toEqual(expected);
  });
});

describe('candidates', () => {
  const scan = (rest: object) => ({
    ...{
      'Node Type': 'Seq Scan',
      'Total Cost': 1,
      Schema: 'support',
      'Relation Name': 'tickets',
      Alias: 't',
    },
    ...rest,
  });
  const limited = (keys: string[], child: ReturnType<typeof scan>) => ({
    'Node Type': 'Limit',
    'Total Cost': 1,
    Plans: [{ 'Node Type': 'Sort', 'Total Cost': 1, 'Sort Key': keys, Plans: [child] }],
  });
  const columns = (plan: object) =>
    findCandidates(plan as never, 'support').map((one) =>
      one.columns.map(({ name, descending }) => (descending ? `${name} desc` : name)).join(),
    );

  it('have equal columns first, then the order or a range', () => {
    const filter = { Filter: '((t.partner_id = $1) AND (t.n > $2))' };
    expect(columns(scan(filter))).toEqual(['partner_id,n']);
    expect(columns(limited(['t.created_at DESC', 't.id DESC'], scan(filter)))).toEqual([
      'partner_id,created_at,id',
      'partner_id,n',
    ]);
    expect(columns(limited(['t.created_at DESC', 't.id'], scan(filter)))[0]).toBe(
      'partner_id,created_at desc,id',
    );
  });

  it('are none for a sort without a limit, a foreign schema, or an index that is used already', () => {
    const [sort] = limited(['t.created_at'], scan({})).Plans;
    expect(columns(sort as object)).toEqual([]);
    expect(columns(scan({ Filter: '(t.a = $1)', Schema: 'pg_catalog' }))).toEqual([]);
    expect(columns(scan({ 'Node Type': 'Index Scan', 'Index Cond': '(t.a = $1)' }))).toEqual([]);
  });

  it('are covered by an index that begins with their columns', () => {
    const columns = ['b', 'a', 'at'].map((name) => ({ name, descending: false }));
    const candidate = { table: 'tickets', columns, equal: 2 };
    expect(isCovered(candidate, ['a', 'b', 'at', 'd'])).toBe(true);
    expect(isCovered(candidate, ['a', 'at', 'b'])).toBe(false);
    expect(isCovered(candidate, ['at', 'a', 'b'])).toBe(false);
    expect(isCovered(candidate, ['a', 'b'])).toBe(false);
  });
});
