import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Layout, layoutOf } from '../files/layout.ts';
import { readSettings, type Settings } from './settings.ts';

/** What the environment says, and where the portal that it describes lives. */
export interface Environment {
  readonly settings: Settings;
  readonly layout: Layout;
}

/**
 * Reads `.env` of the clone where there is one into `env` (variables that are set already win), then the settings.
 * Whatever starts the portal or works on a running one reads them here, so that both mean the same. A relative
 * LOCAL_DIR counts from the clone. Throws SettingsError.
 */
export function readEnvironment(root: string, env: NodeJS.ProcessEnv = process.env): Environment {
  const file = join(root, '.env');
  const given = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  for (const [name, value] of Object.entries(given)) env[name] ??= value;
  const settings = readSettings(env);
  const { localDir } = settings;
  return { settings, layout: layoutOf(root, localDir === undefined ? undefined : resolve(root, localDir)) };
}
