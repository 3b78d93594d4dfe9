import { describe, expect, it } from '@jest/globals';
import { acceptsHtml } from './accepts-html.ts';

describe('acceptsHtml', () => {
  it.each([
    'text/html',
    'TEXT/HTML;level=1',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'application/json;q=0.5, text/html;q=0.9',
    'application/json, text/html',
  ])('is true for %j', (header) => expect(acceptsHtml(header)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/json, text/html;q=0.9',
    'application/problem+json, text/html;q=0.1',
    'text/html;q=0',
    'image/avif,image/webp,*/*;q=0.8',
  ])('is false for %j', (header) => expect(acceptsHtml(header)).toBe(false));
});
