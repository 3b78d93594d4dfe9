import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/**
 * Creates the folders of a portal and keeps other users out of them, whatever the umask is or was: logs,
 * mails, the usage journal and the servers' files belong to this user only. `.local/` itself may let
 * PostgreSQL's user pass (`letPass`); a folder that LOCAL_DIR names keeps its mode, since others may use it,
 * too.
 */
export function makePrivate(layout: Layout): void {
  const { local, logs, mail, run, data, gatewayJournal, healerState } = layout;
  mkdirSync(local, { recursive: true, mode: 0o700 });
  if (isOwn(layout)) chmodSync(local, 0o700);
  for (const folder of [logs, mail, run, data.nats, data.redis, gatewayJournal, healerState]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}

/**
 * Lets another user pass through `.local/` to a folder of his own inside, without seeing the other contents.
 */
export function letPass(layout: Layout): void {
  if (isOwn(layout)) chmodSync(layout.local, 0o711);
}

function isOwn({ root, local }: Layout): boolean {
  return local === join(root, '.local');
}
