/**
 * The provisioner as a process of its own, for containers: `node provision-streams.js`, with NATS_URL,
 * NATS_USER, NATS_PASSWORD.
 */
import { utimesSync, writeFileSync } from 'node:fs';
import { PROVISIONER, provisionPlan } from '../permissions/provision-plan.ts';
import { Provisioner, type ProvisionRound } from './provisioner.ts';

const { NATS_URL, NATS_USER = PROVISIONER, NATS_PASSWORD, PROVISIONED_FILE } = process.env;
if (!NATS_URL) {
  console.error('NATS_URL is not set');
  process.exit(1);
}

let said = '';
function say({ made, failed }: ProvisionRound): void {
  if (failed.length === 0 && PROVISIONED_FILE) touch(PROVISIONED_FILE);
  const line = JSON.stringify({
    level: failed.length === 0 ? 'info' : 'warn',
    code: 'bus.provisioned',
    made,
    failed,
  });
  // Prints a failure once, not every second.
  if (line !== said && (made.length > 0 || failed.length > 0)) console.log(line);
  said = line;
}

/**
 * The age of the file tells a container's health check that the provisioner runs and finds everything in
 * place.
 */
function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    writeFileSync(file, '');
  }
}

const provisioner = Provisioner.start({
  servers: NATS_URL,
  user: NATS_USER,
  password: NATS_PASSWORD,
  plan: provisionPlan(),
  onRound: say,
});
// Keeps the process alive: no other handle does.
const alive = setInterval(() => undefined, 60_000);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    clearInterval(alive);
    void provisioner.stop();
  });
}
