import { StepError } from '../terminal/progress.ts';

/** The closed list of codes of `npm run backup` and `npm run restore`; each stands at the end of its message. */
export type BackupCode =
  /** The arguments make no sense together, or one has a wrong value. */
  | 'BACKUP.BAD_ARGUMENT'
  /** DATABASE_URL names a server of the user, whose data folder is not here. */
  | 'BACKUP.FOREIGN_DATABASE'
  /** There is no data to back up. */
  | 'BACKUP.NO_DATA'
  /** Another backup or restore of this portal is under way. */
  | 'BACKUP.BUSY'
  /** PostgreSQL runs, and no supervisor of this portal knows it. */
  | 'BACKUP.SERVER_UNKNOWN'
  /** The portal runs, and its database cannot be replaced. */
  | 'BACKUP.PORTAL_RUNNING'
  /** The copy of the data could not be made. */
  | 'BACKUP.COPY_FAILED'
  /** A file could not be written or read: no room, no right, no such folder. */
  | 'BACKUP.FILE_FAILED'
  /** There is no backup with that name or in that folder. */
  | 'BACKUP.NOT_FOUND'
  /** The manifest is missing, or is not one that this version can read. */
  | 'BACKUP.MANIFEST_UNREADABLE'
  /** The archive differs from its checksum, or PostgreSQL does not start from it. */
  | 'BACKUP.DAMAGED'
  /** The backup starts and contains other data than its manifest says. */
  | 'BACKUP.DIFFERS'
  /** The backup was written by another major version of PostgreSQL. */
  | 'BACKUP.OTHER_VERSION'
  /** `--in-place` without a confirmation that names the database. */
  | 'BACKUP.NOT_CONFIRMED';

/** A backup or restore failed; `code` is stable. */
export class BackupError extends StepError {
  readonly code: BackupCode;

  constructor(code: BackupCode, message: string, advice: readonly string[] = [], cause?: unknown) {
    super(`${message} (${code})`, advice, cause);
    this.code = code;
  }
}

/** An error of the file system (ENOSPC, EACCES, …) with a code and advice; any other error as it is. */
export function explainFileError(error: unknown): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof StepError || !code || !syscall) return error;
  const advice = code === 'ENOSPC' ? ['A backup and a restore need room for the data once more.'] : [];
  return new BackupError('BACKUP.FILE_FAILED', message, advice, error);
}
