import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type Layout, layoutOf } from '../files/layout.ts';
import { readSettings, type Settings } from './settings.ts';

/** The settings of the environment, and the paths of the portal that it describes. */
export interface Environment {
  readonly settings: Settings;
  readonly layout: Layout;
}

/**
 * Reads `.env` of the clone where it exists into `env` (variables that are set already have priority), then
 * the settings. Every program that starts the portal or works on a running one uses this function, so that
 * all have the same settings. A relative LOCAL_DIR is relative to the clone. Throws SettingsError.
 */
export function readEnvironment(root: string, env: NodeJS.ProcessEnv = process.env): Environment {
  const file = join(root, '.env');
  const given = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  for (const [name, value] of Object.entries(given)) env[name] ??= value;
  const settings = readSettings(env);
  const { localDir } = settings;
  return { settings, layout: layoutOf(root, localDir === undefined ? undefined : resolve(root, localDir)) };
}
