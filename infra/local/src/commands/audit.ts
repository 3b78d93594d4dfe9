import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { addressesOf, type OwnPorts } from '../settings/addresses.ts';
import { readEnvironment } from '../settings/read-environment.ts';
import { ensureSecrets } from '../settings/secrets.ts';
import { readState } from '../supervise/state-file.ts';

/** `npm run audit`: gives the program of auth the addresses of the running portal. */
const root = join(import.meta.dirname, '..', '..', '..', '..');
const { settings, layout } = readEnvironment(root);
const state = readState(layout.state);
const portOf = (name: string): number => state.find((entry) => entry.name === name)?.ports[0] ?? 0;

const ports = { nats: portOf('nats'), postgres: portOf('postgres') };
if ((!settings.natsUrl && ports.nats === 0) || (!settings.databaseUrl && ports.postgres === 0)) {
  process.stderr.write('  ✗ The portal of this clone does not run. Start it: npm start\n');
  process.exit(2);
}
const addresses = addressesOf(settings, ensureSecrets(layout.secrets), ports as OwnPorts);
const nats = addresses.nats('auth');
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=source',
    '--disable-warning=ExperimentalWarning',
    join(root, 'services', 'auth', 'src', 'audit', 'audit-cli.ts'),
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      DATABASE_URL: addresses.database('auth'),
      NATS_URL: nats.url,
      NATS_USER: nats.user,
      NATS_PASSWORD: nats.password,
    },
  },
);
process.exit(status ?? 2);
