import { describe, expect, it } from '@jest/globals';
import { pageOf } from './page.ts';

describe('pageOf', () => {
  it('drops the surplus row and says that there is more', () => {
    expect(pageOf([9, 8, 7], 2, false)).toEqual({ data: [9, 8], has_more: true });
    expect(pageOf([9, 8], 2, false)).toEqual({ data: [9, 8], has_more: false });
    expect(pageOf([], 2, false)).toEqual({ data: [], has_more: false });
  });

  it('turns rows that were read backward', () => {
    expect(pageOf([5, 6, 7], 2, true)).toEqual({ data: [6, 5], has_more: true });
  });
});
