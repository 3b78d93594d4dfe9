import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICE_TABLE, SERVICES_FOLDER } from '../settings/topology.ts';
import { bundleServices } from './bundle-services.ts';
import type { PackageSources } from './package-sources.ts';

const clone = join(import.meta.dirname, '..', '..', '..', '..');
const SCRIPT = 'infra/local/src/build/bundle-programs.ts';

/** A clone with six small services, one of which uses a package, loads a part late and fails. */
describe('bundleServices', () => {
  let root: string;
  const inRoot = (path: string) => join(root, path);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(inRoot(path)), { recursive: true });
    writeFileSync(inRoot(path), text);
  };
  /** As SWC writes it: one line of code for one line of source. */
  const compiled = (service: string, file: string, text: string) => {
    const path = `services/${service}/dist/src/${file}.js`;
    const lines = text.split('\n').length;
    const mappings = Array.from({ length: lines }, (_, line) => (line === 0 ? 'AAAA' : 'AACA')).join(';');
    const map = { version: 3, sources: [`../../src/${file}.ts`], names: [], mappings };
    write(path, text);
    write(`${path}.map`, JSON.stringify(map));
  };
  const packages = (version: string): PackageSources[] => [
    { folder: 'services', files: [], stripLeading: false, hash: version },
  ];
  const run = (service: string, env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, ['--enable-source-maps', join(SERVICES_FOLDER, `${service}.js`)], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
  const files = () => readdirSync(inRoot(SERVICES_FOLDER), { recursive: true, encoding: 'utf8' });

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'gridworks-bundle-'));
    mkdirSync(inRoot('node_modules'));
    symlinkSync(join(clone, 'node_modules/lru-cache'), inRoot('node_modules/lru-cache'));
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', '{}');
    mkdirSync(dirname(inRoot(SCRIPT)), { recursive: true });
    copyFileSync(join(clone, SCRIPT), inRoot(SCRIPT));
    for (const { service } of SERVICE_TABLE) compiled(service, 'main', `console.log('${service} works');`);
    compiled('billing', 'demo/sandbox-worker', `console.log('worker');`);
    compiled('auth', 'late', `export class Late {\n  fail() {\n    throw new Error('too late');\n  }\n}`);
    compiled(
      'auth',
      'main',
      `import { LRUCache } from 'lru-cache';\nconst { Late } = await import('./late.js');\nconsole.log(Late.name, new LRUCache({ max: 1 }).max);\nif (process.env.FAIL) new Late().fail();`,
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('bundles each service with the packages that it uses, and keeps names and lines of the source', async () => {
    expect(await bundleServices(root, packages('1'))).toBe(true);
    rmSync(inRoot('node_modules/lru-cache'));
    expect(run('auth').stdout).toBe('Late 1\n');
    expect(run('healer').stdout).toBe('healer works\n');
    expect(run('auth', { FAIL: '1' }).stderr).toMatch(/at Late\.fail \(.*services\/auth\/src\/late\.ts:3:/);
    symlinkSync(join(clone, 'node_modules/lru-cache'), inRoot('node_modules/lru-cache'));
  });

  it('does nothing while nothing has changed, and bundles again when a file is missing', async () => {
    expect(await bundleServices(root, packages('1'))).toBe(false);
    rmSync(inRoot(join(SERVICES_FOLDER, 'healer.js')));
    expect(await bundleServices(root, packages('1'))).toBe(true);
    expect(existsSync(inRoot(join(SERVICES_FOLDER, 'healer.js')))).toBe(true);
  });

  it('keeps the late parts of the build before, for services that still run it, and no older ones', async () => {
    const late = () => files().filter((file) => /late-[^/]*\.js$/.test(file));
    const first = late();
    for (const [version, kept] of [
      ['2', 2],
      ['3', 2],
    ] as const) {
      compiled(
        'auth',
        'late',
        `export class Late {\n  fail() {\n    throw new Error('version ${version}');\n  }\n}`,
      );
      await bundleServices(root, packages(version));
      expect(late()).toHaveLength(kept);
    }
    expect(late()).not.toEqual(expect.arrayContaining(first));
  });

  it('fails with the words of the bundler', async () => {
    compiled('auth', 'main', `import { gone } from './gone.js';`);
    await expect(bundleServices(root, packages('4'))).rejects.toMatchObject({
      message: 'the services cannot be bundled',
      advice: expect.arrayContaining([expect.stringContaining('gone.js')]) as unknown,
    });
    // The last good build still works.
    expect(run('auth').stdout).toBe('Late 1\n');
  });
});
