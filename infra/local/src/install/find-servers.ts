import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The servers that do not come from npm: their program, Debian package, Homebrew formula and container image. */
export const SERVER_PROGRAMS = {
  nats: {
    program: 'nats-server',
    variable: 'NATS_SERVER_BIN',
    debian: 'nats-server',
    brew: 'nats-server',
    image: 'nats:2.12.12-alpine',
  },
  redis: {
    program: 'redis-server',
    variable: 'REDIS_SERVER_BIN',
    debian: 'redis-server',
    brew: 'redis',
    image: 'redis:7.4.11-alpine',
  },
} as const;
export type ServerProgram = keyof typeof SERVER_PROGRAMS;

/** The folders of Debian's and Homebrew's servers, which are often not on a user's PATH. */
const USUAL_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/** The absolute path of an executable on PATH or in the usual folders, else null. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of new Set([...path.split(delimiter), ...USUAL_FOLDERS])) {
    const file = join(folder, name);
    if (folder && isExecutable(file)) return file;
  }
  return null;
}

/** The server's program: `NATS_SERVER_BIN` / `REDIS_SERVER_BIN` when set, else PATH. */
export function findServer(server: ServerProgram): string | null {
  const { program, variable } = SERVER_PROGRAMS[server];
  const named = process.env[variable];
  return named && isExecutable(named) ? named : findProgram(program);
}

/** The version that the program prints (`nats-server: v2.9.10`, `Redis server v=7.0.15 …`), '' when it prints none. */
export function versionOf(file: string): string {
  try {
    const text = execFileSync(file, ['--version'], { encoding: 'utf8', timeout: 5_000 });
    return /v=?(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1] ?? '';
  } catch {
    return '';
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
