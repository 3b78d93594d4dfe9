import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultOfImage, imagesIn, type LockFile, missingFromLock } from './supply.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('a lock file', () => {
  it.each(['package-lock.json', 'bench/package-lock.json'])(
    '%s names all packages of every system',
    (file) => {
      const lock: LockFile = JSON.parse(read(file));
      expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
      expect(missingFromLock(lock)).toEqual([]);
    },
  );

  it('is incomplete without the packages of another system', () => {
    const { packages }: LockFile = JSON.parse(read('package-lock.json'));
    const { 'node_modules/@swc/core-darwin-arm64': darwin, ...others } = packages;
    expect(darwin).toBeDefined();
    expect(missingFromLock({ packages: others })).toEqual([
      '@swc/core-darwin-arm64, which node_modules/@swc/core depends on',
    ]);
  });

  it('may contain a package in any folder above the one that depends on it', () => {
    const depends = { optionalDependencies: { b: '1' } };
    const a = { 'libs/x/node_modules/a': depends };
    expect(missingFromLock({ packages: { ...a, 'libs/x/node_modules/b': {} } })).toEqual([]);
    expect(missingFromLock({ packages: { ...a, 'node_modules/b': {} } })).toEqual([]);
    expect(missingFromLock({ packages: { ...a, 'libs/y/node_modules/b': {} } })).toHaveLength(1);
  });
});

describe('an image', () => {
  it.each([
    'nats:2.12.12-alpine',
    'postgres:18.7',
    'registry.example:5000/team/postgres:19.0-alpine',
    'axllent/mailpit:v1.28.0',
    'node:26.0.0-bookworm-slim',
    `redis@sha256:${'a'.repeat(64)}`,
  ])('%s is pinned', (image) => {
    expect(faultOfImage(image)).toBeNull();
  });

  it.each([
    ['nats', 'no pinned version'],
    ['nats:latest', 'no pinned version'],
    ['nats:2.12-alpine', 'no pinned version'],
    ['registry.example:5000/nats', 'no pinned version'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the Dockerfile's own
    ['node:${NODE_VERSION}-slim', 'no pinned version'],
    ['nats:2.12.1-alpine', 'older than 2.12.12'],
    ['postgres:18.1-alpine', 'older than 18.7'],
    ['redis:7.4.7', 'older than 7.4.11'],
    ['node:24.21.0-bookworm-slim', 'older than 24.22.1'],
  ])('%s is refused: %s', (image, why) => {
    expect(faultOfImage(image)).toContain(why);
  });

  it('is found in a compose file and a Dockerfile, however its version is given', () => {
    expect(imagesIn('services:\n  bus:\n    image: "nats:2"\n')).toEqual(['nats:2']);
    const dockerfile =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the Dockerfile's own
      '# syntax=docker/dockerfile:1\nARG V=24\nFROM node:${V} AS build\nFROM build AS run\nCOPY --from=build /a /b\nCOPY --from=busybox:1 /a /b\n';
    expect(imagesIn(dockerfile)).toEqual(['docker/dockerfile:1', 'node:24', 'busybox:1']);
    expect(imagesIn(read('docker-compose.yml')).length).toBeGreaterThanOrEqual(5);
    expect(imagesIn(read('infra/docker/Dockerfile')).length).toBeGreaterThanOrEqual(3);
  });
});
