import { PassThrough, type Readable } from 'node:stream';
import pg from 'pg';
import { BackupError } from './backup-errors.ts';

/**
 * The stream of a base backup, by PostgreSQL's replication protocol (BASE_BACKUP, from version 15 on): the data
 * folder as a tar, with the write-ahead log that makes it consistent. PostgreSQL checks the checksum of each
 * page while it reads. The stream fails with BackupError COPY_FAILED.
 */
export function streamBaseBackup(config: pg.ClientConfig, label: string): Readable {
  const archive = new PassThrough({ highWaterMark: 1024 * 1024 });
  const replication = { ...config, replication: 'true' } as pg.ClientConfig;
  const client = new pg.Client({ ...replication, connectionTimeoutMillis: 10_000, keepAlive: true });
  const fail = (error: Error) => {
    archive.destroy(
      new BackupError('BACKUP.COPY_FAILED', `PostgreSQL did not send its data: ${error.message}`, [], error),
    );
  };
  client.on('error', fail);
  // A reader that gave up, on a full disk for instance, ends the backup on the server.
  archive.on('close', () => void client.end().catch(() => undefined));
  const sql = `BASE_BACKUP (LABEL ${pg.escapeLiteral(label)}, CHECKPOINT 'fast', WAL true, MANIFEST 'no')`;
  client.connect().then(() => client.query(new BaseBackup(sql, archive, fail)), fail);
  return archive;
}

/** The part of node-postgres' connection that is used here; it has no types for its own queries. */
interface Wire {
  query(sql: string): void;
  readonly stream: { pause(): void; resume(): void };
}

/** The kinds of messages within the copy stream, by their first byte. */
const NEW_ARCHIVE = 'n'.charCodeAt(0);
const DATA = 'd'.charCodeAt(0);

/** A query of node-postgres (`Submittable`): passes the archive on no faster than it is read. */
class BaseBackup implements pg.Submittable {
  readonly #sql: string;
  readonly #archive: PassThrough;
  readonly #fail: (error: Error) => void;
  #wire: Wire | undefined;
  #archives = 0;
  #isPaused = false;

  constructor(sql: string, archive: PassThrough, fail: (error: Error) => void) {
    this.#sql = sql;
    this.#archive = archive;
    this.#fail = fail;
  }

  submit(connection: unknown): void {
    this.#wire = connection as Wire;
    this.#wire.query(this.#sql);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const [kind] = chunk;
    if (kind === NEW_ARCHIVE && ++this.#archives > 1)
      this.#fail(new Error('it has tablespaces outside of its data folder, which no backup contains'));
    if (kind !== DATA || this.#archive.destroyed) return;
    // Copied, since the client uses its buffer again.
    // The rest of what the socket has read arrives although it is paused.
    if (this.#archive.write(Buffer.from(chunk.subarray(1))) || this.#isPaused) return;
    this.#isPaused = true;
    this.#wire?.stream.pause();
    this.#archive.once('drain', () => {
      this.#isPaused = false;
      this.#wire?.stream.resume();
    });
  }

  handleError(error: Error): void {
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    if (!this.#archive.destroyed) this.#archive.end();
  }

  // The positions in the write-ahead log come as rows, and nothing here needs them.
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}
