import { describe, expect, it } from '@jest/globals';
import { readBearer } from './read-bearer.ts';

describe('the bearer credential', () => {
  it.each([
    ['Bearer pp_live_x', 'pp_live_x'],
    ['bearer pp_live_x', 'pp_live_x'],
    ['Bearer  pp_live_x ', 'pp_live_x'],
    ['Basic pp_live_x', null],
    ['Bearer ', null],
    ['Bearer', null],
    ['', null],
    [undefined, null],
    [`Bearer ${'x'.repeat(512)}`, 'x'.repeat(512)],
    [`Bearer ${'x'.repeat(5000)}`, null],
  ])('of %j is %j', (header, credential) => expect(readBearer(header)).toBe(credential));
});
