import { describe, expect, it } from '@jest/globals';
import { columnWords, formatMean, formatSize } from './words.ts';

describe('words of suggested indexes', () => {
  it.each([
    [0.0431, '0.043 ms'],
    [9.96, '10 ms'],
    [86.4, '86 ms'],
    [1234, '1.2 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatMean(ms)).toBe(text);
  });

  it.each([
    [8192, '8.2 kB'],
    [3_400_000, '3.4 MB'],
    [12_000_000_000, '12 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('name columns in their order, and which descend', () => {
    const columns = [
      { name: 'partner_id', descending: false },
      { name: 'created_at', descending: true },
    ];
    expect(columnWords(columns)).toBe('partner_id, created_at desc');
  });
});
