import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError, explainFileError } from '../backup/backup-errors.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { shortPath } from '../files/layout.ts';
import { readEnvironment } from '../settings/read-environment.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { Progress } from '../terminal/progress.ts';
import { steadyOutput } from '../terminal/terminal-output.ts';
import { explain } from './explain.ts';

/** `npm run backup`: a verified backup of the portal's database, whether or not the portal runs. */
const USAGE = `usage: npm run backup [-- --to FOLDER] [--keep N]
  --to FOLDER   where the backup goes, relative to the clone; default .local/backups
  --keep N      delete the oldest backups there until N are left`;

const root = join(import.meta.dirname, '..', '..', '..', '..');
const progress = new Progress(steadyOutput());

function readArguments(): { to: string | undefined; keep: number | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string' },
        keep: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      progress.say(USAGE);
      process.exit(0);
    }
    const keep = values.keep === undefined ? undefined : Number(values.keep);
    if (keep !== undefined && !(Number.isInteger(keep) && keep >= 1))
      throw new Error(`--keep ${values.keep} is no whole number from 1 on`);
    if (values.to === '') throw new Error('--to names no folder');
    return { to: values.to, keep };
  } catch (error) {
    throw new BackupError('BACKUP.BAD_ARGUMENT', (error as Error).message, USAGE.split('\n'));
  }
}

try {
  const { to, keep } = readArguments();
  const { settings, layout } = readEnvironment(root);
  const { path, integrity, deleted } = await makeBackup({
    layout,
    settings,
    secrets: ensureSecrets(layout.secrets),
    progress,
    to: to === undefined ? layout.backups : resolve(root, to),
    keep,
  });
  for (const each of deleted) progress.line('·', 'deleted', shortPath(layout, each));
  progress.say(`backup ${shortPath(layout, path)}`);
  if (integrity && integrity.damaged.length > 0)
    throw new BackupError('BACKUP.DAMAGED', 'PostgreSQL finds damage in the data itself', integrity.damaged);
} catch (error) {
  explain(explainFileError(error), progress);
  process.exit(1);
}
