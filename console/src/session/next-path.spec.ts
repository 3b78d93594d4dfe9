import { expect, it } from '@jest/globals';
import { nextPath } from './next-path.ts';

it.each(['/keys', '/support/tic_1?x=1', '/admin/healing#now'])('goes to %s', (next) => {
  expect(nextPath(next)).toBe(next);
});
it.each([
  undefined,
  '',
  'keys',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '/a\\b',
  '/a\nb',
  '/login',
  '/login?next=/keys',
])('goes home in place of %j', (next) => {
  expect(nextPath(next)).toBe('/home');
});
