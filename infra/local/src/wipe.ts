import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Layout } from './layout.ts';
import { outsideFolder } from './servers/postgres-home.ts';

/** Deletes all data, logs and secrets of this clone; the lock stays, since this process holds it. */
export function wipe(layout: Layout): void {
  if (existsSync(layout.local)) {
    for (const entry of readdirSync(layout.local)) {
      if (entry !== basename(layout.lock))
        rmSync(join(layout.local, entry), { recursive: true, force: true });
    }
  }
  rmSync(outsideFolder(layout), { recursive: true, force: true });
}
