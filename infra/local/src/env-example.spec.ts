import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const documented = new Set(
  [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(
    ([, name]) => name,
  ),
);
const schemas = globSync(['services/*/src/*.config.ts', 'libs/*/src/*config.ts'], { cwd: root });

describe('.env.example', () => {
  it.each(schemas)('names every variable of %s', (file) => {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
  });

  it('found the schemas', () => {
    expect(schemas.length).toBeGreaterThanOrEqual(7);
  });
});
