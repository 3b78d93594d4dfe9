import type { Logger } from '@gridworks/observability';
import type { Database } from '@gridworks/persistence';
import { BillingProfileRepository } from '../billing-profiles/billing-profile.repository.ts';
import type { Seller } from '../billing-profiles/seller.ts';
import { CreditRepository } from '../credits/credit.repository.ts';
import { InvoiceRepository } from '../invoices/invoice.repository.ts';
import { InvoiceItemRepository } from '../invoicing/invoice-item.repository.ts';
import { MakeInvoice } from '../invoicing/make-invoice.ts';
import { MeteredUsageRepository } from '../invoicing/metered-usage.repository.ts';
import { LedgerRepository } from '../ledger/ledger.repository.ts';
import { PaymentProviders, type ProviderConfig } from '../payments/provider/payment-providers.ts';
import { Reconcile } from '../reconciliation/reconcile.ts';
import { ReconciliationRepository } from '../reconciliation/reconciliation.repository.ts';
import { ChargePeriods } from '../subscriptions/charge-periods.ts';
import { SubscriptionRepository } from '../subscriptions/subscription.repository.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { BilledUsageRepository } from './billed-usage.repository.ts';
import { BillingRun } from './billing-run.ts';
import { DueWorkRepository } from './due-work.repository.ts';
import { PreviewRun } from './preview-run.ts';
import { RatePeriods } from './rate-periods.ts';

interface RunConfig extends ProviderConfig {
  readonly BILLING_SELLER: Seller;
  readonly BILLING_GRACE_MS: number;
}

/** The parts of a billing run for a program that is no service. */
export function composeRun(database: Database, config: RunConfig, logger: Logger) {
  const profiles = new BillingProfileRepository(database);
  const items = new InvoiceItemRepository();
  const ledger = new LedgerRepository(database);
  const invoices = new InvoiceRepository(database, ledger);
  const credits = new CreditRepository(database, ledger);
  const repository = new SubscriptionRepository(database);
  const subscriptions = new Subscriptions(
    repository,
    new ChargePeriods(repository, items, profiles),
    profiles,
  );
  const billed = new BilledUsageRepository();
  const usage = new MeteredUsageRepository();
  const periods = new RatePeriods(billed, usage, repository, items, profiles);
  const making = new MakeInvoice(items, profiles, invoices, credits, config);
  const due = new DueWorkRepository(database);
  const run = new BillingRun(database, due, repository, subscriptions, periods, making, config, logger);
  const preview = new PreviewRun(database, subscriptions, periods, billed, making, items, invoices);
  const reconcile = new Reconcile(database, usage, repository, new PaymentProviders(config));
  const runs = new ReconciliationRepository(database);
  return { ...{ run, preview, due, repository, subscriptions, reconcile, runs } };
}
