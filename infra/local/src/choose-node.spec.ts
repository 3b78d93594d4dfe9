import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const { chooseNode, isAtLeast } = await import(join(import.meta.dirname, '..', 'choose-node.mjs'));

describe('the Node that runs the portal', () => {
  it.each([
    ['24.22.1', '24.21.0', 'own'],
    ['24.30.0', '', 'own'],
    ['26.0.0', '24.21.0', 'own'],
    ['24.22.0', '24.21.0', 'packaged'],
    ['20.20.2', '24.21.0', 'packaged'],
    ['24.22.0', '', null],
    ['20.20.2', '22.1.0', null],
  ])('of the machine %s, of the package %s: %s', (own, packaged, take) => {
    expect(chooseNode(own, packaged)).toMatchObject({ take, why: expect.stringContaining(own) });
  });

  it('compares versions by their numbers', () => {
    expect(isAtLeast('24.9.0', '24.22.1')).toBe(false);
    expect(isAtLeast('24.22.10', '24.22.9')).toBe(true);
    expect(isAtLeast('24.22.1', '24.22.1')).toBe(true);
  });
});
