import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildAlone } from '../build/build-lock.ts';

/** `npm run build`: every package through Nx, which skips packages that it has built before. */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const nx = join(root, 'node_modules', '.bin', 'nx');
const env = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_INTERACTIVE: 'false',
};
const build = async () =>
  spawnSync(process.execPath, [nx, 'run-many', '-t', 'build', ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
// A portal of this clone that starts meanwhile builds the same files.
const done = await buildAlone(root, 'packages', () => buildAlone(root, 'console', build));
process.exit(done.status ?? 1);
