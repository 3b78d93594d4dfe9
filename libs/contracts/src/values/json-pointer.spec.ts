import { expect, it } from '@jest/globals';
import { pointerTo } from './json-pointer.ts';

it.each<[string, PropertyKey[], string]>([
  ['the whole document', [], ''],
  ['members and elements', ['data', 0, 'name'], '/data/0/name'],
  ['what has to be escaped', ['a/b', '~', 0], '/a~1b/~0/0'],
  ['a name without end', ['x'.repeat(1000)], `/${'x'.repeat(200)}`],
])('points to %s', (_what, path, pointer) => expect(pointerTo(path)).toBe(pointer));
