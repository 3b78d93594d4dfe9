import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Layout, layoutOf } from '../src/files/layout.ts';
import { makePrivate } from '../src/files/private-folders.ts';
import { ensureCluster, postgresSpec } from '../src/servers/postgres.ts';
import { findPostgresHome, outsideFolder } from '../src/servers/postgres-home.ts';
import { PortAllocator } from '../src/settings/free-port.ts';
import { ensureSecrets } from '../src/settings/secrets.ts';
import { Supervisor } from '../src/supervise/supervisor.ts';

let folder: string;
let layout: Layout;
let supervisor: Supervisor;
let mask: number;
const modeOf = (path: string) => statSync(path).mode & 0o777;

beforeEach(() => {
  mask = process.umask(0o077);
  folder = mkdtempSync(join(tmpdir(), 'umask-'));
  layout = layoutOf(folder);
  supervisor = new Supervisor({
    logs: layout.logs,
    state: layout.state,
    marker: layout.marker,
    instance: async () => null,
  });
});
afterEach(async () => {
  await supervisor.killAll();
  process.umask(mask);
  rmSync(outsideFolder(layout), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function startPostgres() {
  makePrivate(layout);
  const secrets = ensureSecrets(layout.secrets);
  const home = await findPostgresHome(layout);
  expect(await ensureCluster(home, secrets.postgres_password)).toBe('made');
  const postgres = supervisor.add(postgresSpec(home, await new PortAllocator().take()));
  await postgres.start();
  await postgres.whenRunning(30_000);
  return home;
}

// Without root PostgreSQL runs as this user: then no folder has to be open to another user.
const isRoot = process.getuid?.() === 0;
(isRoot ? describe : describe.skip)(`umask 077, as root (${isRoot ? 'as here' : 'not as here'})`, () => {
  it('lets PostgreSQL start in a clone that its user cannot enter', async () => {
    const home = await startPostgres();
    expect(home.outside).toBe(true);
    expect(modeOf(home.folder)).toBe(0o700);
    expect(modeOf(layout.local)).toBe(0o700);
  }, 90_000);

  it('lets PostgreSQL start in a clone that its user can enter', async () => {
    chmodSync(folder, 0o755);
    const home = await startPostgres();
    expect(home.outside).toBe(false);
    expect(existsSync(outsideFolder(layout))).toBe(false);
    expect(modeOf(home.folder)).toBe(0o700);
    // PostgreSQL's user passes through, and sees nothing else.
    expect(modeOf(layout.local)).toBe(0o711);
    expect(modeOf(layout.logs)).toBe(0o700);
    expect(modeOf(join(layout.logs, 'postgres.log'))).toBe(0o600);
  }, 90_000);
});

describe('umask 022', () => {
  it('hides everything of a portal from other users', () => {
    process.umask(0o022);
    makePrivate(layout);
    chmodSync(layout.logs, 0o755);
    makePrivate(layout);
    const { local, logs, mail, run, data, gatewayJournal, healerState } = layout;
    for (const each of [local, logs, mail, run, data.nats, data.redis, gatewayJournal, healerState]) {
      expect(modeOf(each)).toBe(0o700);
    }
    ensureSecrets(layout.secrets);
    supervisor.add(postgresSpec({ data: folder } as never, 1));
    for (const file of [layout.secrets, layout.state]) expect(modeOf(file)).toBe(0o600);
  });
});
