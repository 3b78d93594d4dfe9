import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const { chooseNode, isAtLeast, machineNode } = await import(
  join(import.meta.dirname, '..', '..', 'choose-node.mjs')
);

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

  it('of the machine is never that of node_modules, which npm puts first', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'node-')));
    try {
      const bin = join(root, 'node_modules', '.bin');
      const packaged = join(root, 'node_modules', 'node', 'bin', 'node');
      const elsewhere = join(root, 'usr', 'bin');
      for (const folder of [bin, dirname(packaged), elsewhere]) mkdirSync(folder, { recursive: true });
      for (const file of [packaged, join(elsewhere, 'node')]) writeFileSync(file, '');
      symlinkSync(packaged, join(bin, 'node'));
      const PATH = `${bin}${delimiter}${elsewhere}`;
      expect(machineNode(root, packaged, { PATH })).toBe(join(elsewhere, 'node'));
      expect(machineNode(root, packaged, { PATH, npm_node_execpath: process.execPath })).toBe(
        process.execPath,
      );
      expect(machineNode(root, packaged, { PATH: bin })).toBe(packaged);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('compares versions by their numbers', () => {
    expect(isAtLeast('24.9.0', '24.22.1')).toBe(false);
    expect(isAtLeast('24.22.10', '24.22.9')).toBe(true);
    expect(isAtLeast('24.22.1', '24.22.1')).toBe(true);
  });
});
