import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { htmlText } from './html-text.ts';

describe('the text of an HTML mail', () => {
  it.each([
    ['<p>billing <b>is</b> back</p>', 'billing is back'],
    ['<STYLE type="x">p > a {}</style >shown<script>a < b</SCRIPT>', 'shown'],
    ['<style>a{} not closed', 'a{} not closed'],
    ['<styles>shown</styles>', 'shown'],
    ['2 < 3 and no tag', '2 < 3 and no tag'],
    ['a <b', 'a <b'],
    ['', ''],
  ])('of %j is %j', (html, text) => {
    expect(htmlText(html)).toBe(text);
  });

  it.each(['<style', '<a', '<', '<style>', '<script><style>', '</style', '<a>', '<style ', '>'])(
    'of a megabyte of %s takes no time',
    (part) => {
      const html = part.repeat(1_000_000 / part.length);
      const startedAt = performance.now();
      htmlText(html);
      // Twice the 50 ms that it takes on a busy machine; a quadratic one takes minutes.
      expect(performance.now() - startedAt).toBeLessThan(allowedMs(500));
    },
  );
});
