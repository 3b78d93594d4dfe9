import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Layout } from '../files/layout.ts';
import { outsideFolder } from '../servers/postgres-home.ts';
import { StepError } from '../terminal/progress.ts';

/**
 * Deletes all data, logs and secrets of this clone. Backups are kept, and the lock, since this process holds it. In a
 * folder of LOCAL_DIR only the files of a portal are deleted, and only when the folder contains a portal's
 * secrets. Throws StepError when it does not.
 */
export function wipe(layout: Layout): void {
  for (const entry of entriesToWipe(layout)) {
    rmSync(join(layout.local, entry), { recursive: true, force: true });
  }
  rmSync(outsideFolder(layout), { recursive: true, force: true });
}

function entriesToWipe(layout: Layout): string[] {
  if (!existsSync(layout.local)) return [];
  const kept = [layout.lock, layout.backups].map((path) => basename(path));
  const present = readdirSync(layout.local).filter((entry) => !kept.includes(entry));
  if (layout.local === join(layout.root, '.local')) return present;
  const { data, logs, mail, run, gatewayJournal, healerState, secrets, state } = layout;
  const ours = [...Object.values(data), logs, mail, run, gatewayJournal, healerState, secrets, state].map(
    (path) => basename(path),
  );
  // The state file is written by this start itself.
  const found = present.filter((entry) => entry !== basename(state));
  if (found.length > 0 && !isSecretsOfAPortal(secrets)) {
    throw new StepError(`${layout.local} (LOCAL_DIR) does not look like a portal's: nothing was deleted`, [
      `It holds ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}, but no ${basename(secrets)} of a portal.`,
      'Name another folder in LOCAL_DIR, empty this one yourself, or start without --fresh.',
    ]);
  }
  return present.filter((entry) => ours.includes(entry));
}

function isSecretsOfAPortal(path: string): boolean {
  try {
    const { platform_token, signing_key } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof platform_token === 'string' && typeof signing_key === 'string';
  } catch {
    return false;
  }
}
