import { expect, it } from '@jest/globals';
import { pointerTo } from './json-pointer.ts';

it.each<[string, PropertyKey[], string]>([
  ['the whole document', [], ''],
  ['members and elements', ['data', 0, 'name'], '/data/0/name'],
  ['characters that need an escape', ['a/b', '~', 0], '/a~1b/~0/0'],
  ['a very long name', ['x'.repeat(1000)], `/${'x'.repeat(200)}`],
])('points to %s', (_what, path, pointer) => expect(pointerTo(path)).toBe(pointer));
