import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Bus } from '@gridworks/bus';
import { type AuditHead, auditHeadSchema } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence/database';
import { verifyChains } from './verify-chains.ts';

/**
 * `audit verify`: walks the chains of the audit log, as the user `auth` of PostgreSQL and NATS. `DATABASE_URL`, `NATS_URL`,
 * `NATS_USER` and `NATS_PASSWORD` name the servers. Exit status: 0 whole, 1 broken, 2 not verified.
 */
const USAGE = `usage: npm run audit -- verify [--partner ID]
  --partner ID   only the chain of this partner, or of \`platform\``;
const CONNECT_MS = 5000;
const PROGRESS_MS = 1000;

const say = (text: string) => process.stdout.write(`${text}\n`);
const note = (text: string) => process.stderr.write(`  … ${text}\n`);

function readArguments(): { chain: string | undefined } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { partner: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    say(USAGE);
    process.exit(0);
  }
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new Error(USAGE);
  return { chain: values.partner };
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const logger = createLogger({ service: 'auth', instance: 'audit-verify', level: 'silent' });

/** The heads that the NATS bucket has. */
async function readHeads(): Promise<Map<string, AuditHead>> {
  const bus = await within(
    Bus.connect({
      servers: setting('NATS_URL'),
      user: process.env.NATS_USER,
      password: process.env.NATS_PASSWORD,
      service: 'auth',
      instance: 'audit-verify',
      // This program neither sends nor serves requests.
      signingKey: randomUUID(),
      logger,
    }),
    'NATS does not respond, so that the ends of the chains cannot be compared',
  );
  try {
    const bucket = await bus.bucket('auth_audit_heads', auditHeadSchema);
    const heads = new Map<string, AuditHead>();
    for (const key of await bucket.keys()) {
      const entry = await bucket.get(key);
      if (entry) heads.set(key, entry.value);
    }
    return heads;
  } finally {
    await bus.close();
  }
}

async function within<T>(work: Promise<T>, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  // Keeps the process alive: the work waits without that between two tries to connect.
  const timer = setTimeout(() => late.reject(new Error(otherwise)), CONNECT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function verify(chain: string | undefined): Promise<number> {
  const heads = await readHeads();
  const database = new Database({
    url: setting('DATABASE_URL'),
    schema: 'auth',
    applicationName: 'audit-verify',
    migrations: [],
    migrate: false,
    poolSize: 1,
    logger,
  });
  database.start();
  try {
    await within(database.whenReady(), 'PostgreSQL does not respond');
    let saidAt = performance.now();
    const { chains, entries, faults } = await verifyChains({
      read: (sql, values) => database.read((manager) => manager.query(sql, [...values])),
      heads,
      chain,
      onProgress: (done, read) => {
        if (performance.now() - saidAt < PROGRESS_MS) return;
        saidAt = performance.now();
        note(`${done} chains, ${read} entries`);
      },
    });
    for (const fault of faults)
      say(`  ✗ ${fault.chain} entry ${fault.sequence} ${fault.id ?? '-'}: ${fault.what}`);
    if (chain !== undefined && chains === 0 && faults.length === 0)
      throw new Error(`there is no chain ${chain}`);
    say(
      faults.length === 0
        ? `  ✓ ${chains} chains with ${entries} entries are whole`
        : `  ✗ ${faults.length} of ${chains} chains broken`,
    );
    return faults.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

try {
  const { chain } = readArguments();
  process.exit(await verify(chain));
} catch (error) {
  process.stderr.write(`  ✗ ${(error as Error).message}\n`);
  process.exit(2);
}
