import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderOperations } from './render-operations.ts';

/**
 * Writes src/generated/operations.ts from the contracts. `--check` writes nothing and fails when the file is
 * outdated.
 */
const root = join(import.meta.dirname, '..', '..', '..');
const file = join(import.meta.dirname, '..', 'src', 'generated', 'operations.ts');

const formatted = spawnSync(
  process.execPath,
  [join(root, 'node_modules', '.bin', 'biome'), 'format', `--stdin-file-path=${file}`],
  { cwd: root, input: renderOperations(), encoding: 'utf8' },
);
if (formatted.status !== 0) throw new Error(formatted.stderr);
if (!process.argv.includes('--check')) writeFileSync(file, formatted.stdout);
else if (readFileSync(file, 'utf8') !== formatted.stdout) {
  process.stderr.write(
    'src/generated/operations.ts is outdated: run node sdks/javascript/generate/main.ts\n',
  );
  process.exit(1);
}
