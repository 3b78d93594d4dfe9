import { describe, expect, it } from '@jest/globals';
import { renderCsv } from './csv.ts';

describe('CSV', () => {
  it('quotes where needed and ends each row with CRLF', () => {
    expect(
      renderCsv(
        ['a', 'b'],
        [
          ['x,"y"', 1],
          [null, 2.5],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""",1\r\n,2.5\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('makes no formula of %j', (text) => {
    expect(renderCsv([], [[text]]).split('\r\n')[1]).toBe(`'${text}`);
  });
});
