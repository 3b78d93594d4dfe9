import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError, explainFileError } from '../backup/backup-errors.ts';
import { findBackup } from '../backup/backup-store.ts';
import { requireOwnDatabase } from '../backup/open-source.ts';
import { restoreInPlace } from '../backup/restore-in-place.ts';
import { verifyBackup } from '../backup/verify-backup.ts';
import { shortPath } from '../files/layout.ts';
import { readEnvironment } from '../settings/read-environment.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { Progress } from '../terminal/progress.ts';
import { steadyOutput } from '../terminal/terminal-output.ts';
import { explain } from './explain.ts';

/** `npm run restore`: verifies a backup beside the portal, or replaces the portal's data by it. */
const USAGE = `usage: npm run restore -- --verify [BACKUP]
       npm run restore -- --in-place BACKUP --confirm DATABASE
  BACKUP      a backup, or a folder of backups: its newest one; default .local/backups
  --verify    restore it into a scratch server and compare it with its manifest
  --in-place  replace the data of the stopped portal, and keep the present data under another name`;

const root = join(import.meta.dirname, '..', '..', '..', '..');
const progress = new Progress(steadyOutput());

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        verify: { type: 'boolean' },
        'in-place': { type: 'boolean' },
        confirm: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      progress.say(USAGE);
      process.exit(0);
    }
    const inPlace = values['in-place'] ?? false;
    if (inPlace === (values.verify ?? false)) throw new Error('name one of --verify and --in-place');
    if (positionals.length > 1) throw new Error('name one backup');
    if (inPlace && positionals.length === 0) throw new Error('--in-place needs the backup by name');
    return { inPlace, confirmed: values.confirm, named: positionals[0] };
  } catch (error) {
    throw new BackupError('BACKUP.BAD_ARGUMENT', (error as Error).message, USAGE.split('\n'));
  }
}

try {
  const { inPlace, confirmed, named } = readArguments();
  const { settings, layout } = readEnvironment(root);
  requireOwnDatabase(settings);
  const backup = findBackup(layout, named);
  progress.line('·', 'backup', shortPath(layout, backup));
  if (inPlace) {
    const secrets = ensureSecrets(layout.secrets);
    const { kept } = await restoreInPlace({ layout, secrets, progress, backup, confirmed });
    progress.say(`restored ${shortPath(layout, backup)}`);
    if (kept) progress.say(`the data until now is in ${shortPath(layout, kept)}: delete it when all is well`);
  } else {
    const { created_at } = await verifyBackup({ layout, progress, backup });
    progress.say(`verified ${shortPath(layout, backup)} of ${created_at}`);
  }
} catch (error) {
  explain(explainFileError(error), progress);
  process.exit(1);
}
