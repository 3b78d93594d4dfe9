import { describe, expect, it } from '@jest/globals';
import { renderTable } from './table.ts';

describe('renderTable', () => {
  it('aligns the second column after the longest name', () => {
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

  it('prints a row of one cell unchanged, without widening the column', () => {
    expect(renderTable([['a very long remark that stands alone'], ['A', 'b']], '> ')).toBe(
      '> a very long remark that stands alone\n> A  b',
    );
  });
});
