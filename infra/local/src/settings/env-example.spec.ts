import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const documented = new Set(
  [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(
    ([, name]) => name,
  ),
);
const schemas = globSync(['services/*/src/*.config.ts', 'libs/*/src/*config.ts'], { cwd: root });
/** Files that read the environment without a schema. */
const readers = globSync(['infra/local/src/**/*.ts', 'infra/chaos/src/**/*.ts', 'libs/*/src/**/*.ts'], {
  cwd: root,
}).filter(
  (file) =>
    !file.endsWith('spec.ts') &&
    /process\.env|text\('|variable: '/.test(readFileSync(join(root, file), 'utf8')),
);
/** Set by the system, or by one of our programs for another. */
const OF_THE_MACHINE = /^(PATH|GRIDWORKS_\w+)$/;

describe('.env.example', () => {
  it.each(schemas)('names every variable of %s', (file) => {
    const names = [...readFileSync(join(root, file), 'utf8').matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(
      ([, name]) => name,
    );
    expect(names.filter((name) => !documented.has(name))).toEqual([]);
  });

  it.each(readers)('names every variable that %s reads', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const read = /process\.env\.(\w+)|\btext\('(\w+)'\)|\bvariable: '(\w+)'|\b(OTEL_\w+[A-Z])\b/g;
    const names = [...text.matchAll(read)].map(([, ...found]) => found.find(Boolean)!);
    expect(names.filter((name) => !documented.has(name) && !OF_THE_MACHINE.test(name))).toEqual([]);
  });

  it('found the schemas', () => {
    expect(schemas.length).toBeGreaterThanOrEqual(7);
    expect(readers).toContain('infra/local/src/settings/settings.ts');
  });
});
