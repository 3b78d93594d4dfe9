import { describe, expect, it } from '@jest/globals';
import { openTicket } from '../support/support.contracts.ts';
import { MAX_PAGE_BYTES, pageOf } from './page.ts';

describe('pageOf', () => {
  it('drops the surplus row and reports that there are more', () => {
    expect(pageOf([9, 8, 7], 2, false)).toEqual({ data: [9, 8], has_more: true });
    expect(pageOf([9, 8], 2, false)).toEqual({ data: [9, 8], has_more: false });
    expect(pageOf([], 2, false)).toEqual({ data: [], has_more: false });
  });

  it('reverses rows that were read backward', () => {
    expect(pageOf([5, 6, 7], 2, true)).toEqual({ data: [6, 5], has_more: true });
  });

  it('ends a page before it becomes too large for a message, in both directions', () => {
    // 30,013 bytes of JSON each, with the comma: 17 of them fit.
    const rows = Array.from({ length: 40 }, (_, n) => ({ n: n + 10, t: '€'.repeat(10_000) }));
    const [first, last] = [pageOf(rows, 100, false), pageOf(rows, 100, true)];
    expect(first.data.map(({ n }) => n - 10)).toEqual([...Array(17).keys()]);
    expect(first.has_more).toBe(true);
    expect(last.data.map(({ n }) => n - 10)).toEqual([...Array(17).keys()].reverse());
    expect(last.has_more).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(first.data))).toBeLessThanOrEqual(MAX_PAGE_BYTES);
    expect(pageOf(rows.slice(0, 17), 100, false).has_more).toBe(false);
  });

  it('has one row at least, however large', () => {
    const huge = 'x'.repeat(MAX_PAGE_BYTES);
    expect(pageOf([huge, 'a'], 10, false)).toEqual({ data: [huge], has_more: true });
    expect(pageOf([huge], 10, false)).toEqual({ data: [huge], has_more: false });
    expect(pageOf(['a', huge], 10, false)).toEqual({ data: ['a'], has_more: true });
  });

  it('has room for the largest ticket that can be opened', () => {
    // A control character takes six bytes in JSON, the most of any UTF-16 unit.
    const ticket = openTicket.input.parse({
      subject: `a${'\u0001'.repeat(199)}`,
      body: `a${'\u0001'.repeat(9_999)}`,
    });
    expect(Buffer.byteLength(JSON.stringify(ticket))).toBeGreaterThan(61_000);
    expect(Buffer.byteLength(JSON.stringify(ticket))).toBeLessThan(MAX_PAGE_BYTES);
  });
});
