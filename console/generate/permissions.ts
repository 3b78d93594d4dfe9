import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_SCOPES, NOT_BY_SSO, PERMISSIONS, type PermissionRule } from '@gridworks/contracts';

/**
 * Writes src/session/permissions.gen.ts, the roles that hold each permission and the scopes of keys, from the contracts, whose
 * values need Node. `--check` writes nothing and fails when the file is outdated.
 */
const root = join(import.meta.dirname, '..', '..');
const file = join(import.meta.dirname, '..', 'src', 'session', 'permissions.gen.ts');

const rows = Object.entries<PermissionRule>(PERMISSIONS).map(
  ([name, { roles, personal }]) => `'${name}': ${JSON.stringify(personal ? 'everybody' : roles)},`,
);
const text = `// Generated from the contracts by console/generate/permissions.ts. \`npm run check\` fails when it is outdated.

/**
 * Which roles hold a permission; 'everybody' means every logged-in person. The API decides by the same table; menus and buttons follow this
 * one.
 */
export const ROLES_OF = {${rows.join('\n')}} as const;
export type Permission = keyof typeof ROLES_OF;

/** The permissions that an API key may hold. */
export const KEY_SCOPES = ${JSON.stringify(KEY_SCOPES)} as const;

/** What a session of single sign-on may not do, whatever its role. */
export const NOT_BY_SSO = ${JSON.stringify(NOT_BY_SSO)} as const;
`;
const formatted = spawnSync(
  process.execPath,
  [join(root, 'node_modules', '.bin', 'biome'), 'format', `--stdin-file-path=${file}`],
  { cwd: root, input: text, encoding: 'utf8' },
);
if (formatted.status !== 0) throw new Error(formatted.stderr);
if (!process.argv.includes('--check')) writeFileSync(file, formatted.stdout);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== formatted.stdout) {
  process.stderr.write('permissions.gen.ts is outdated: run node console/generate/permissions.ts\n');
  process.exit(1);
}
