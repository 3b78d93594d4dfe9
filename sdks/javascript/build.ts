import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTo } from './bundle.ts';

/** Builds `dist/`: the program and its types. */
const here = import.meta.dirname;
const dist = join(here, 'dist');

rmSync(dist, { recursive: true, force: true });
await bundleTo(dist);
const tsc = join(here, '..', '..', 'node_modules', '.bin', 'tsc');
const types = spawnSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
process.exit(types.status ?? 1);
