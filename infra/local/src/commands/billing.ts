import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildPackages } from '../build/build.ts';
import { addressesOf, type OwnPorts } from '../settings/addresses.ts';
import { readEnvironment } from '../settings/read-environment.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { readState } from '../supervise/state-file.ts';

/** `npm run billing`: gives the program of billing the database of the running portal. */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const { settings, layout } = readEnvironment(root);
const state = readState(layout.state);
const portOf = (name: string): number => state.find((entry) => entry.name === name)?.ports[0] ?? 0;

const ports = { nats: portOf('nats'), postgres: portOf('postgres') };
if (!settings.databaseUrl && ports.postgres === 0) {
  process.stderr.write('  ✗ The portal of this clone does not run. Start it: npm start\n');
  process.exit(2);
}
await buildPackages(root);
const addresses = addressesOf(settings, ensureSecrets(layout.secrets), ports as OwnPorts);
const program = join(root, 'services', 'billing', 'dist', 'src', 'billing-run', 'billing-cli.js');
const { status } = spawnSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, DATABASE_URL: addresses.database('billing') } },
);
process.exit(status ?? 2);
