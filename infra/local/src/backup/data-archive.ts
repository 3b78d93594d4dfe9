import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import type { PostgresHome } from '../servers/postgres-home.ts';
import { BackupError } from './backup-errors.ts';
import type { Manifest } from './manifest.ts';

/** Counts and hashes what passes. */
class Meter extends Transform {
  readonly #hash = createHash('sha256');
  readonly #report: (bytes: number) => void;
  bytes = 0;

  constructor(report: (bytes: number) => void = () => undefined) {
    super();
    this.#report = report;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
    this.#report(this.bytes);
    this.push(chunk);
    done();
  }

  get sha256(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Writes a tar, compressed, as a new file that only this user can read, and syncs it. `report` gets the bytes
 * read so far. Throws the error of the source or of the file system.
 */
export async function writeArchive(
  tar: NodeJS.ReadableStream,
  file: string,
  report: (bytes: number) => void,
): Promise<Manifest['archive']> {
  const read = new Meter(report);
  const written = new Meter();
  const compressed = createGzip({ level: constants.Z_BEST_SPEED });
  await pipeline(
    tar,
    read,
    compressed,
    written,
    createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true }),
  );
  return { bytes: written.bytes, sha256: written.sha256, data_bytes: read.bytes };
}

/** The data folder of a server that does not run, as a tar. */
export function readDataFolder(data: string): NodeJS.ReadableStream {
  const child = spawn('tar', ['-c', '-C', data, '--exclude=./postmaster.pid', '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = collect(child.stderr);
  // Ends with an error unless tar ended well, whatever it wrote until then.
  const checked = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: (done) => {
      const judge = (code: number | null) =>
        done(code === 0 ? null : new BackupError('BACKUP.COPY_FAILED', `tar failed: ${errors()}`));
      if (child.exitCode !== null) judge(child.exitCode);
      else child.once('exit', judge);
    },
  });
  child.on('error', (error) => checked.destroy(error));
  checked.on('close', () => child.kill());
  return child.stdout.pipe(checked);
}

/**
 * Unpacks the archive of a backup into an empty folder that belongs to PostgreSQL's user. Throws BackupError DAMAGED when the
 * archive is not, byte for byte, the one that the manifest describes.
 */
export async function unpackArchive(
  file: string,
  expected: Manifest['archive'],
  folder: string,
  owner: PostgresHome['owner'],
): Promise<void> {
  const damaged = (why: string, cause?: unknown) =>
    new BackupError('BACKUP.DAMAGED', `${file} is damaged: ${why}`, ['Use another backup.'], cause);
  const child = spawn('tar', ['-x', '-f', '-', '-C', folder], {
    ...owner,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const errors = collect(child.stderr);
  const ended = new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? null : errors() || `tar ended with ${code}`));
  });
  const read = new Meter();
  const piped = await pipeline(createReadStream(file), read, createGunzip(), child.stdin).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (piped) child.kill();
  const failure = await ended;
  if (piped?.code === 'ENOENT') throw damaged('it is missing', piped);
  // A broken pipe only says that tar ended early, and tar says why.
  if (piped && piped.code !== 'EPIPE') throw damaged(piped.message, piped);
  if (piped || failure) throw damaged(`it could not be unpacked: ${failure ?? piped?.message}`, piped);
  if (read.bytes !== expected.bytes) throw damaged(`it has ${read.bytes} bytes instead of ${expected.bytes}`);
  if (read.sha256 !== expected.sha256) throw damaged('its SHA-256 is not the one in the manifest');
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text = (text + chunk).slice(-2_000);
  });
  return () => text.trim().split('\n').slice(-3).join('; ');
}
