import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const namesIn = (file: string) =>
  [...read(file).matchAll(/^\s+([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name!);

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { environment?: Record<string, string>; networks: string[] }>;
};
const shared = namesIn('libs/runtime/src/shared.config.ts');
/** Shared variables that only some services read: their own schemas name them. */
const notForAll = new Set(['DATABASE_URL', 'REDIS_URL', 'PORT', 'HOST']);
/** The connection to the local supervisor; containers use the Docker Engine. */
const notInContainers = new Set(['REPLACES_PID', 'PLATFORM_SOCKET', 'PLATFORM_TOKEN']);
const tracing = [...read('.env.example').matchAll(/^#?(OTEL_[A-Z_]+)=/gm)].map(([, name]) => name!);

describe('docker-compose.yml', () => {
  it.each([
    ['auth', []],
    ['billing', []],
    ['gateway', ['PORT', 'HOST']],
    ['healer', namesIn('libs/notifications/src/notification.config.ts')],
    ['monitor', []],
    ['support', []],
  ])('passes %s every variable of its configuration', (service, more) => {
    const wanted = [
      ...shared.filter((name) => !notForAll.has(name)),
      ...namesIn(`services/${service}/src/${service}.config.ts`),
      ...more,
      ...tracing,
    ].filter((name) => !notInContainers.has(name));
    expect(wanted.length).toBeGreaterThan(10);
    const given = compose.services[service]?.environment ?? {};
    expect(wanted.filter((name) => !(name in given))).toEqual([]);
  });

  it('gives only services that need it a way out of the network', () => {
    const out = Object.entries(compose.services).filter(([, { networks }]) => networks.includes('outside'));
    expect(out.map(([name]) => name).sort()).toEqual(['gateway', 'healer', 'mailpit']);
  });
});
