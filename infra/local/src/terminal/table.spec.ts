import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.ts';

describe('renderTable', () => {
  it('lines the second column up behind the longest name', () => {
    expect(
      renderTable(
        [
          ['API', 'http://a'],
          ['Documentation', 'http://b'],
        ],
        '',
      ),
    ).toBe('API            http://a\nDocumentation  http://b');
  });

  it('lets a row of one cell stand, without widening the column', () => {
    expect(renderTable([['a very long remark that stands alone'], ['A', 'b']], '> ')).toBe(
      '> a very long remark that stands alone\n> A  b',
    );
  });
});
