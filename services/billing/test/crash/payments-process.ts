// A process that makes payments: `prepare` makes partners with a card, an invoice and an attempt for each seed; `run` performs what is
// due, and stops for ever at the steps that its plan names, until it is killed. It prints a line for each step.
import { writeSync } from 'node:fs';
import { newId } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { Database, LIBRARY_MIGRATIONS } from '@gridworks/persistence';
import { migrations } from '../../migrations/index.ts';
import { CreditRepository } from '../../src/credits/credit.repository.ts';
import { InvoiceRepository } from '../../src/invoices/invoice.repository.ts';
import type { InvoiceDocument } from '../../src/invoices/invoice-document.ts';
import { LedgerRepository } from '../../src/ledger/ledger.repository.ts';
import { FailPoints } from '../../src/payments/attempts/fail-points.ts';
import { PaymentAttemptRepository } from '../../src/payments/attempts/payment-attempt.repository.ts';
import { PaymentRunner } from '../../src/payments/attempts/payment-runner.ts';
import { PAYMENT_TIMES } from '../../src/payments/attempts/payment-times.ts';
import { PerformPayment } from '../../src/payments/attempts/perform-payment.ts';
import { SettlePayment } from '../../src/payments/attempts/settle-payment.ts';
import { DunningRepository } from '../../src/payments/dunning/dunning.repository.ts';
import { PaymentCustomerRepository } from '../../src/payments/methods/payment-customer.repository.ts';
import { PaymentMethodRepository } from '../../src/payments/methods/payment-method.repository.ts';
import { PaymentProviders } from '../../src/payments/provider/payment-providers.ts';
import { StartCharge } from '../../src/payments/start-charge.ts';
import { SAMPLE_INVOICES } from '../sample-invoices.ts';
import type { Seed } from './crash-plan.ts';

/** Runners in one process, each with 8 attempts at once: a payment that waits for the kill keeps no other from its turn. */
const RUNNERS = 14;
const AT_ONCE = 8;

const env = process.env as Record<'DATABASE_URL' | 'PAYMENTS_STRIPE' | 'PAYMENTS_INPUT', string>;
const config = { PORTAL_URL: 'https://portal.example', ...JSON.parse(env.PAYMENTS_STRIPE) };
const input: { prepare?: Seed[]; plan?: Record<string, string> } = JSON.parse(env.PAYMENTS_INPUT);
const say = (line: string) => writeSync(1, `${line}\n`);

const logger = createLogger({ service: 'billing', instance: 'billing', level: 'silent' });
const database = new Database({
  ...{ url: env.DATABASE_URL, schema: 'billing', applicationName: 'billing', poolSize: 40, logger },
  migrations: [...LIBRARY_MIGRATIONS, ...migrations],
});
database.start();
await database.whenReady();

const failPoints = new FailPoints(async (step, id) => {
  say(`${step} ${id}`);
  // The kill comes while this waits.
  if (input.plan?.[id] === step) await new Promise(() => undefined);
});
const providers = new PaymentProviders(config);
const [attempts, methods, customers, dunning, ledger] = [
  new PaymentAttemptRepository(database),
  new PaymentMethodRepository(database),
  new PaymentCustomerRepository(database),
  new DunningRepository(database),
  new LedgerRepository(database),
];
const credits = new CreditRepository(database, ledger);
const settlement = new SettlePayment(database, attempts, ledger, dunning, credits, failPoints);
// The parent lets the leases end: what waits here stays with this process until then.
const times = { ...PAYMENT_TIMES, leaseMs: 3_600_000, lookMs: 100, lookMaxMs: 400, pollMs: 100 };
const perform = new PerformPayment(
  database,
  attempts,
  methods,
  customers,
  providers,
  settlement,
  failPoints,
  config,
  times,
);
const charges = new StartCharge(attempts, methods, providers);

async function prepare({ seed, card }: Seed): Promise<void> {
  const provider = providers.require();
  const partner = newId('partner');
  const customer = await provider.createCustomer(partner);
  const page = await provider.setupPage(customer, 'https://portal.example');
  await fetch(page, { method: 'POST', body: new URLSearchParams({ card }), redirect: 'manual' });
  const found = await provider.methods(customer);
  const document = SAMPLE_INVOICES['one-line'] as InvoiceDocument;
  const invoices = new InvoiceRepository(database, ledger);
  const { id } = await database.transaction(async (tx) => {
    const now = new Date();
    await customers.insert(tx, { partner_id: partner, provider: provider.name, customer_id: customer }, now);
    await methods.synchronize(tx, partner, provider.name, found, now);
    const invoice = await invoices.createDraft(tx, partner, document);
    await invoices.finalize(tx, partner, invoice, now);
    return charges.byPerson(tx, partner, invoice, undefined);
  });
  say(`prepared ${seed} ${id}`);
}

if (input.prepare) {
  const queue = [...input.prepare];
  const drain = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await prepare(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  await database.close();
  say('done');
  process.exit(0);
}
for (let n = 0; n < RUNNERS; n++)
  new PaymentRunner(database, attempts, perform, providers, logger).onApplicationBootstrap();
// Nothing else keeps the process alive while every payment waits.
setInterval(() => undefined, 60_000);
