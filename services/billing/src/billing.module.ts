import { Database, PersistenceModule } from '@gridworks/persistence';
import { HealthRegistry } from '@gridworks/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { migrations } from '../migrations/index.ts';
import { AccountEntity } from './accounts/account.entity.ts';
import { AccountRepository } from './accounts/account.repository.ts';
import { OpenAccountHandler } from './accounts/open-account.handler.ts';
import { CountCallsHandler } from './analytics/count-calls.handler.ts';
import { GetAccountsHandler } from './analytics/get-accounts.handler.ts';
import { GetCallSeriesHandler } from './analytics/get-call-series.handler.ts';
import { GetLatencySeriesHandler } from './analytics/get-latency-series.handler.ts';
import { PeriodRepository } from './analytics/period.repository.ts';
import { RollupRepository } from './analytics/rollup.repository.ts';
import { SummarizeUsageHandler } from './analytics/summarize-usage.handler.ts';
import { UsageRetention } from './analytics/usage-retention.ts';
import { BillingProfileHandler } from './billing-profiles/billing-profile.handler.ts';
import { BillingProfileRepository } from './billing-profiles/billing-profile.repository.ts';
import { BilledUsageRepository } from './billing-run/billed-usage.repository.ts';
import { BillingLoop } from './billing-run/billing-loop.ts';
import { BillingRun } from './billing-run/billing-run.ts';
import { DueWorkRepository } from './billing-run/due-work.repository.ts';
import { PreviewHandler } from './billing-run/preview.handler.ts';
import { PreviewRun } from './billing-run/preview-run.ts';
import { RatePeriods } from './billing-run/rate-periods.ts';
import { BudgetHandler } from './budgets/budget.handler.ts';
import { BudgetRepository } from './budgets/budget.repository.ts';
import { BudgetWatch } from './budgets/budget-watch.ts';
import { CallAllowances } from './budgets/call-allowances.ts';
import { ReadSpending } from './budgets/read-spending.ts';
import { AutoTopUpRepository } from './credit-grants/auto-top-up.repository.ts';
import { AutoTopUpRun } from './credit-grants/auto-top-up-run.ts';
import { CreditUpkeep } from './credit-grants/credit-upkeep.ts';
import { GrantCreditHandler } from './credit-grants/grant-credit.handler.ts';
import { ReadCreditsHandler } from './credit-grants/read-credits.handler.ts';
import { TopUpHandler } from './credit-grants/top-up.handler.ts';
import { TopUps } from './credit-grants/top-ups.ts';
import { CreditRepository } from './credits/credit.repository.ts';
import { CreateDemoSessionHandler } from './demo/create-demo-session.handler.ts';
import { DemoSessions } from './demo/demo-sessions.ts';
import { GetDemoSessionHandler } from './demo/get-demo-session.handler.ts';
import { InjectDemoFaultHandler } from './demo/inject-demo-fault.handler.ts';
import { GetEntitlementsHandler } from './entitlements/get-entitlements.handler.ts';
import { LimitOverrideRepository } from './entitlements/limit-override.repository.ts';
import { LimitOverridesHandler } from './entitlements/limit-overrides.handler.ts';
import { InvoiceMailer } from './invoice-mails/invoice-mailer.ts';
import { MailInvoiceHandler } from './invoice-mails/mail-invoice.handler.ts';
import { GetInvoiceHandler } from './invoices/get-invoice.handler.ts';
import { InvoiceRepository } from './invoices/invoice.repository.ts';
import { ListInvoicesHandler } from './invoices/list-invoices.handler.ts';
import { CorrectInvoicesHandler } from './invoicing/correct-invoices.handler.ts';
import { InvoiceItemRepository } from './invoicing/invoice-item.repository.ts';
import { MakeInvoice } from './invoicing/make-invoice.ts';
import { MeteredUsageRepository } from './invoicing/metered-usage.repository.ts';
import { LedgerRepository } from './ledger/ledger.repository.ts';
import { PaymentsModule } from './payments/payments.module.ts';
import { ListPlansHandler } from './plans/list-plans.handler.ts';
import { PlanVersionRepository } from './plans/plan-version.repository.ts';
import { PlanVersionsHandler } from './plans/plan-versions.handler.ts';
import { GetReconciliationHandler } from './reconciliation/get-reconciliation.handler.ts';
import { NightlyReconciliation } from './reconciliation/nightly-reconciliation.ts';
import { Reconcile } from './reconciliation/reconcile.ts';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.ts';
import { GetPartnerSubscriptionHandler } from './revenue/get-partner-subscription.handler.ts';
import { GetRevenueHandler } from './revenue/get-revenue.handler.ts';
import { PartnerInvoiceRepository } from './revenue/partner-invoice.repository.ts';
import { PartnerInvoicesHandler } from './revenue/partner-invoices.handler.ts';
import { RevenueRepository } from './revenue/revenue.repository.ts';
import { ChargePeriods } from './subscriptions/charge-periods.ts';
import { FollowPaymentsHandler } from './subscriptions/follow-payments.handler.ts';
import { SubscriptionHandler } from './subscriptions/subscription.handler.ts';
import { SubscriptionRepository } from './subscriptions/subscription.repository.ts';
import { Subscriptions } from './subscriptions/subscriptions.ts';
import { GetKeyUsageHandler } from './usage/get-key-usage.handler.ts';
import { KeyUsageRepository } from './usage/key-usage.repository.ts';
import { RecordUsageHandler } from './usage/record-usage.handler.ts';
import { UsageRepository } from './usage/usage.repository.ts';
import { ForecastUsageCostHandler } from './usage-costs/forecast-usage-cost.handler.ts';
import { GetUsageHandler } from './usage-costs/get-usage.handler.ts';
import { GroupUsage } from './usage-costs/group-usage.ts';
import { UsagePeriods } from './usage-costs/usage-periods.ts';
import { UsageSpansRepository } from './usage-costs/usage-spans.repository.ts';
import { RecordUsageEventsHandler } from './usage-events/record-usage-events.handler.ts';
import { UsageEventRepository } from './usage-events/usage-event.repository.ts';

@Module({
  imports: [PaymentsModule],
  controllers: [
    ListPlansHandler,
    GetUsageHandler,
    ForecastUsageCostHandler,
    GetKeyUsageHandler,
    GetCallSeriesHandler,
    GetLatencySeriesHandler,
    SummarizeUsageHandler,
    GetAccountsHandler,
    CountCallsHandler,
    RecordUsageHandler,
    RecordUsageEventsHandler,
    OpenAccountHandler,
    CreateDemoSessionHandler,
    InjectDemoFaultHandler,
    GetDemoSessionHandler,
    PartnerInvoicesHandler,
    GetRevenueHandler,
    GetPartnerSubscriptionHandler,
    ListInvoicesHandler,
    GetInvoiceHandler,
    BillingProfileHandler,
    SubscriptionHandler,
    FollowPaymentsHandler,
    PreviewHandler,
    MailInvoiceHandler,
    CorrectInvoicesHandler,
    GetEntitlementsHandler,
    LimitOverridesHandler,
    PlanVersionsHandler,
    ReadCreditsHandler,
    GrantCreditHandler,
    TopUpHandler,
    BudgetHandler,
    GetReconciliationHandler,
  ],
  providers: [
    AccountRepository,
    PlanVersionRepository,
    UsageRepository,
    KeyUsageRepository,
    UsageEventRepository,
    UsagePeriods,
    UsageSpansRepository,
    GroupUsage,
    RollupRepository,
    UsageRetention,
    PeriodRepository,
    DemoSessions,
    LedgerRepository,
    InvoiceRepository,
    BillingProfileRepository,
    SubscriptionRepository,
    ChargePeriods,
    Subscriptions,
    InvoiceItemRepository,
    MeteredUsageRepository,
    MakeInvoice,
    BilledUsageRepository,
    RatePeriods,
    DueWorkRepository,
    BillingRun,
    BillingLoop,
    Reconcile,
    ReconciliationRepository,
    NightlyReconciliation,
    PreviewRun,
    InvoiceMailer,
    LimitOverrideRepository,
    PartnerInvoiceRepository,
    RevenueRepository,
    CreditRepository,
    CreditUpkeep,
    TopUps,
    AutoTopUpRepository,
    AutoTopUpRun,
    BudgetRepository,
    ReadSpending,
    BudgetWatch,
    CallAllowances,
  ],
})
export class BillingModule {
  constructor(health: HealthRegistry, database: Database) {
    health.register(database);
  }

  /** The tables of this service. */
  static persistence(url: string): DynamicModule {
    return PersistenceModule.forService({ service: 'billing', migrations, entities: [AccountEntity], url });
  }
}
