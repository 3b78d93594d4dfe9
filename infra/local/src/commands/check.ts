import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { GENERATED_FILES } from './generated-files.ts';

/** `npm run check`: format, lint, types, walls, generated files. All steps run; exit status 1 when one failed. */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const WALLED = ['libs', 'services', 'infra', 'sdks', 'console'];
const steps: { name: string; args: readonly string[] }[] = [
  { name: 'format and lint', args: [bin('biome'), 'ci', '--colors=off', '.'] },
  { name: 'types', args: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the console', args: [bin('tsc'), '-p', 'console/tsconfig.json'] },
  { name: 'types of its public pages', args: [bin('tsc'), '-p', 'console/static/tsconfig.json'] },
  { name: 'types of its worker', args: [bin('tsc'), '-p', 'console/tsconfig.worker.json'] },
  {
    name: 'walls',
    args: [bin('depcruise'), '--config', '.dependency-cruiser.mjs', ...WALLED],
  },
  {
    name: 'folders',
    args: [bin('depcruise'), '--config', '.dependency-cruiser.folders.mjs', ...['libs', 'services', 'infra']],
  },
  ...GENERATED_FILES,
];

function run(args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=source', ...args], { cwd: root, stdio: 'pipe' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

let failed = 0;
for (const step of steps) {
  const startedAt = Date.now();
  const { ok, output } = await run(step.args);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`  ${ok ? '✓' : '✗'} ${step.name.padEnd(32)} ${seconds.padStart(6)} s\n`);
  if (!ok) {
    failed++;
    process.stdout.write(`${output.trimEnd().replace(/^/gm, '    ')}\n`);
  }
}
process.stdout.write(failed === 0 ? '  all in order\n' : `  ${failed} of ${steps.length} failed\n`);
process.exit(failed === 0 ? 0 : 1);
