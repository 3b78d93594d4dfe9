import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { filterSql } from './filter-sql.ts';
import { matches } from './match-filter.ts';
import { parseFilter } from './parse-filter.ts';

const ADA = {
  userName: 'Ada@example.com',
  active: true,
  name: { familyName: 'Lovelace' },
  emails: [{ type: 'work', value: 'a' }],
};

describe('a SCIM filter', () => {
  it.each<[string, boolean]>([
    ['userName eq "ada@EXAMPLE.com"', true],
    ['USERNAME EQ "ada@example.com" AND active EQ TRUE', true],
    ['userName ne "x" and not (active eq true)', false],
    ['name.familyName sw "love" or nothing pr', true],
    ['nothing pr', false],
    ['emails[type eq "work" and value eq "b"]', false],
    ['emails[type eq "work"]', true],
    ['userName co "\\u0041da"', true],
    ['active eq "True"', true],
    // `and` binds tighter than `or`.
    ['userName pr or userName pr and active eq false', true],
    ['(userName pr or userName pr) and active eq false', false],
  ])('%s fits the element or not', (text, fits) => expect(matches(parseFilter(text), ADA)).toBe(fits));

  it.each([
    '',
    'a',
    'a eq',
    'a zz "x"',
    'a eq x',
    'a eq "x" b',
    '(a pr',
    'a pr)',
    'a[b pr',
    'not a pr',
    '"a" eq 1',
    'a.b.c pr',
    'a eq {}',
  ])('refuses %s', (text) =>
    expect(() => parseFilter(text)).toThrow(
      expect.objectContaining({ details: { scim_type: 'invalidFilter' } }),
    ),
  );

  it('ends soon for whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'AUTH.SCIM_REQUEST_REFUSED' });
        }
      }),
    );
    expect(() => parseFilter('('.repeat(2000))).toThrow();
    expect(() => parseFilter(Array.from({ length: 60 }, () => 'a pr').join(' or '))).toThrow(/more than 50/);
  });

  it('becomes SQL in which every value is a parameter', () => {
    const values: unknown[] = ['par'];
    const columns = {
      username: { type: 'text', sql: 's.user_name' },
      active: { type: 'boolean', sql: 's.active' },
      groups: { type: 'set', has: '(exists ?)' },
    } as const;
    const sql = (text: string) => filterSql(parseFilter(text), columns, values);
    expect(sql(`userName eq "'; drop" and (active eq false or groups eq "g")`)).toBe(
      '((lower(s.user_name) = $2::text) and ((s.active = $3::boolean) or (exists $4::text)))',
    );
    expect(values).toEqual(['par', "'; drop", false, 'g']);
    for (const text of ['constructor eq "x"', 'password pr', 'active co "t"', 'groups ne "g"', 'a[b[c pr]]'])
      expect(() => sql(text)).toThrow(expect.objectContaining({ details: { scim_type: 'invalidFilter' } }));
  });
});
