import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';

/** The paths of one running portal. All of them are below `.local/`, with few exceptions. */
export interface Layout {
  /** The clone. */
  readonly root: string;
  /** `.local/`: data, logs, secrets. Ignored by git. */
  readonly local: string;
  readonly logs: string;
  readonly mail: string;
  /** Configurations that are rendered at each start, and the platform socket. */
  readonly run: string;
  readonly data: { readonly nats: string; readonly redis: string; readonly postgres: string };
  readonly gatewayJournal: string;
  readonly healerState: string;
  readonly secrets: string;
  /** Backups of the database, which `--fresh` keeps. */
  readonly backups: string;
  /** JSON array of every process. */
  readonly state: string;
  /** The supervisor's own pid; also the lock against a second one. */
  readonly lock: string;
  readonly ports: string;
  /** A file that is deleted when the disk is full. */
  readonly reserve: string;
  readonly socket: string;
  /** Distinguishes this clone's processes from those of others: set in the environment of each. */
  readonly marker: string;
}

/** Paths of Unix sockets have at most 104 bytes on macOS and 108 on Linux. */
const LONGEST_SOCKET_PATH = 100;

/** A short name for a clone, for files outside of it. */
export function cloneId(local: string): string {
  return createHash('sha256').update(local).digest('hex').slice(0, 12);
}

/** A path for messages: relative to the clone where it is inside, else absolute. */
export function shortPath({ root }: Layout, path: string): string {
  const short = relative(root, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

export function layoutOf(root: string, local = join(root, '.local')): Layout {
  const run = join(local, 'run');
  const socket = join(run, 'platform.sock');
  return {
    root,
    local,
    run,
    logs: join(local, 'logs'),
    mail: join(local, 'mail'),
    data: { nats: join(local, 'nats'), redis: join(local, 'redis'), postgres: join(local, 'postgres') },
    gatewayJournal: join(local, 'gateway-journal'),
    healerState: join(local, 'healer'),
    secrets: join(local, 'secrets.json'),
    backups: join(local, 'backups'),
    state: join(local, 'state.json'),
    lock: join(local, 'supervisor.json'),
    ports: join(run, 'ports.json'),
    reserve: join(run, 'disk-reserve'),
    socket:
      Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH
        ? socket
        : join(tmpdir(), `gridworks-${cloneId(local)}.sock`),
    marker: local,
  };
}
