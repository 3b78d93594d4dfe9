import { parseArgs } from 'node:util';
import { createLogger } from '@gridworks/observability';
import { Database } from '@gridworks/persistence/database';
import { sellerSetting } from '../billing-profiles/seller.ts';
import { formatMoney } from '../money/format-money.ts';
import { composeRun } from './compose-run.ts';

/**
 * `billing`: what operators do by hand, as the user `billing` of PostgreSQL. `DATABASE_URL` names the server; `BILLING_SELLER` and
 * `BILLING_GRACE_MS` as for the service. Exit status: 0 done, 1 a difference or a failed step, 2 not done.
 */
const USAGE = `usage: npm run billing -- run [--until DATE] [--ahead]
       npm run billing -- preview [--until DATE]
       npm run billing -- reconcile
  --until DATE   everything that is due at this moment, such as 2026-12-01 or 2026-12-01T00:00:00Z; default: now
  --ahead        lets a run go beyond now: subscriptions are then in the future. For portals to try things out`;
const CONNECT_MS = 15_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      until: { type: 'string' },
      ahead: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    say(USAGE);
    process.exit(0);
  }
  const [command] = positionals;
  if (positionals.length !== 1 || !command || !['run', 'preview', 'reconcile'].includes(command))
    throw new Error(USAGE);
  const until = values.until === undefined ? new Date() : new Date(values.until);
  if (Number.isNaN(until.getTime())) throw new Error(`--until: ${values.until} is no date`);
  if (command === 'run' && until.getTime() > Date.now() && !values.ahead)
    throw new Error(
      '--until is in the future, which would charge what is not due. --ahead does it all the same',
    );
  return { command, until };
}

const logger = createLogger({ service: 'billing', instance: 'billing-run', level: 'warn' });

async function connect(): Promise<Database> {
  const { DATABASE_URL: url } = process.env;
  if (!url) throw new Error('DATABASE_URL is not set');
  const database = new Database({
    ...{
      url,
      schema: 'billing',
      applicationName: 'billing-run',
      migrations: [],
      migrate: false,
      poolSize: 1,
    },
    logger,
  });
  database.start();
  const late = Promise.withResolvers<never>();
  // Keeps the process alive: the database waits without that between two tries to connect.
  const timer = setTimeout(() => late.reject(new Error('PostgreSQL does not respond')), CONNECT_MS);
  await Promise.race([database.whenReady(), late.promise]);
  clearTimeout(timer);
  return database;
}

type Parts = ReturnType<typeof composeRun>;

async function run({ run: billing }: Parts, until: Date): Promise<number> {
  const { advanced, rated, invoices, incomplete, failed } = await billing.run(until);
  for (const id of incomplete) say(`  · ${id}: the billing profile lacks something, its invoice waits`);
  for (const id of failed) say(`  ✗ ${id}: a step failed, see the log`);
  say(
    `  ${failed.length === 0 ? '✓' : '✗'} ${advanced} subscriptions went on, ${rated} periods charged, ${invoices.length} invoices made`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** Everything is done and rolled back, partner by partner. */
async function preview(
  { preview: previews, due, repository, subscriptions }: Parts,
  until: Date,
): Promise<number> {
  const partners = new Set<string>();
  for await (const id of due.advances(until)) partners.add(id);
  for await (const { partner_id } of due.periods(until)) partners.add(partner_id);
  for await (const id of due.invoices(until)) partners.add(id);
  let invoices = 0;
  for (const partnerId of [...partners].sort()) {
    const invoice = await previews.rolledBack(async (tx) => {
      const held = await repository.hold(tx, partnerId);
      if (!held) return null;
      const advanced = await subscriptions.advance(tx, held, until);
      return previews.invoiceOf(tx, advanced, until);
    });
    if (!invoice) continue;
    invoices++;
    const money = (amount: number) =>
      formatMoney({ currency: invoice.currency, minor: BigInt(amount) }, 'en-IE');
    say(`  ${partnerId}  ${invoice.period?.from} to ${invoice.period?.to}  ${money(invoice.total)}`);
    for (const { description, amount } of invoice.lines)
      say(`      ${money(amount).padStart(14)}  ${description}`);
  }
  say(`  ✓ ${invoices} invoices would be made of ${partners.size} partners for whom something is due`);
  return 0;
}

/** The result is stored, so that monitor sees that a difference is mended. */
async function compare({ reconcile, runs }: Parts): Promise<number> {
  const now = new Date();
  const found = await reconcile.run(now);
  await runs.add(now, found);
  const { differences, waiting, paused } = found;
  for (const { id, what } of differences) say(`  ✗ ${id}: ${what}`);
  const notes = [
    `${found.payments === null ? 'no' : found.payments} payments compared with the provider`,
    ...(waiting !== 0n ? [`${waiting} units arrived late and wait for the next invoice`] : []),
    ...(paused !== 0n ? [`${paused} units of paused subscriptions are not charged`] : []),
  ];
  say(
    `  ${differences.length === 0 ? '✓' : '✗'} ${found.partners} partners, ${found.periods} periods with ${found.units} units, ${found.invoices} invoices: ${differences.length} differences; ${notes.join('; ')}`,
  );
  return differences.length === 0 ? 0 : 1;
}

try {
  const { command, until } = readArguments();
  const config = {
    BILLING_SELLER: sellerSetting.parse(process.env.BILLING_SELLER || undefined),
    BILLING_GRACE_MS: Number(process.env.BILLING_GRACE_MS || 3_600_000),
    STRIPE_SECRET_KEY: process.env.STRIPE_SECRET_KEY || undefined,
    STRIPE_WEBHOOK_SECRET: process.env.STRIPE_WEBHOOK_SECRET || undefined,
    STRIPE_API_BASE: process.env.STRIPE_API_BASE || undefined,
  };
  const database = await connect();
  const parts = composeRun(database, config, logger);
  const done = await { run, preview, reconcile: compare }[command as 'run' | 'preview' | 'reconcile'](
    parts,
    until,
  );
  await database.close();
  process.exit(done);
} catch (error) {
  process.stderr.write(`  ✗ ${(error as Error).message}\n`);
  process.exit(2);
}
