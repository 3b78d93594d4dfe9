import { describe, expect, it } from '@jest/globals';
import { codeBlock, renderMarkdown, slugOf } from './render-markdown.ts';

const page = renderMarkdown(
  [
    '# Errors `and` retries',
    '',
    'Each error has a *code*.',
    '',
    '## Retry-After',
    '',
    'Wait & see <b>bold</b>.',
    '',
    '| a | b |',
    '|---|---:|',
    '| one | `two` |',
    '',
    '```sh',
    'curl "$PORTAL"',
    '```',
    '',
    '### Below',
  ].join('\n'),
);

describe('the renderer of guides', () => {
  it('extracts title and lead', () => {
    expect(page.title).toBe('Errors and retries');
    expect(page.lead).toBe('Each error has a code.');
    expect(page.html).not.toContain('<h1');
  });

  it('gives headings anchors', () => {
    expect(page.headings).toEqual([
      { depth: 2, id: 'retry-after', text: 'Retry-After' },
      { depth: 3, id: 'below', text: 'Below' },
    ]);
    expect(page.html).toContain('<h2 id="retry-after">Retry-After<a class="anchor" href="#retry-after"');
  });

  it('shows HTML as text and writes no style attribute', () => {
    expect(page.html).toContain('&lt;b&gt;bold');
    expect(page.html).not.toMatch(/<b>|style=|align=/);
  });

  it('colours code by classes only and adds a copy button', () => {
    expect(codeBlock('curl "x"', 'sh')).toContain('hljs-string');
    expect(codeBlock('<a>', 'none')).toContain('&lt;a&gt;');
    expect(page.html).toContain('data-copy');
  });

  it('returns the text of each section for the search', () => {
    expect(page.sections[0]).toEqual({ id: null, text: 'Each error has a code.' });
    expect(page.sections[1]?.id).toBe('retry-after');
    expect(page.sections[1]?.text).toContain('one two');
    expect(page.sections[1]?.text).not.toContain('curl');
  });
});

describe('slugs', () => {
  it.each([
    ['What `Retry-After` says', 'what-retry-after-says'],
    ['  1. First call!  ', '1-first-call'],
  ])('%s', (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });
});
