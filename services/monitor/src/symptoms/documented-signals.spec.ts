import { readFileSync } from 'node:fs';
import { SIGNAL_NAMES } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';

describe('the README of monitor', () => {
  it.each(SIGNAL_NAMES)('says when %s fires and clears', (signal) => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toMatch(new RegExp(`^\\| \`${signal}\` \\| .+ \\| .+ \\|$`, 'm'));
  });
});
