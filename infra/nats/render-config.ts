/**
 * Writes infra/nats/nats.conf, the configuration of the container deployment, from the contracts. `--check`
 * writes nothing and exits with 1 when the file differs from what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type NatsUser, PROVISIONER, renderNatsConfig } from '@gridworks/bus/permissions';
import { SERVICES } from '@gridworks/contracts';

const file = new URL('nats.conf', import.meta.url);
const passwords = Object.fromEntries(
  [...SERVICES, PROVISIONER].map((user) => [user, `$NATS_PASSWORD_${user.toUpperCase()}`]),
) as Record<NatsUser, string>;
const wanted = renderNatsConfig({
  host: '0.0.0.0',
  port: 4222,
  storeDir: '/data',
  passwords,
  monitorPort: 8222,
  // A server counts the maximum sizes of streams when several creators come at once; disk space is used only
  // by stored messages.
  maxFileBytes: 16 * 1024 ** 3,
  syncInterval: '100ms',
});

if (!process.argv.includes('--check')) {
  writeFileSync(file, wanted);
} else if (readFileSync(file, 'utf8') !== wanted) {
  console.error(
    'infra/nats/nats.conf does not follow the contracts: run node --conditions=source infra/nats/render-config.ts',
  );
  process.exit(1);
}
