import { CreateBillingTables1795262400000 } from './0001-create-billing-tables.ts';
import { RollUpUsage1795910400000 } from './0002-roll-up-usage.ts';
import { IndexUsageDays1795996800000 } from './0003-index-usage-days.ts';
import { ProtectTenants1797465600000 } from './0004-protect-tenants.ts';
import { CreateLedger1797552000000 } from './0020-create-ledger.ts';
import { CreateInvoices1797638400000 } from './0021-create-invoices.ts';
import { CreatePlanVersions1797724800000 } from './0030-create-plan-versions.ts';
import { CreateLimitOverrides1797728400000 } from './0031-create-limit-overrides.ts';
import { OrderPlanVersions1797732000000 } from './0032-order-plan-versions.ts';
import { CreateBillingProfiles1797812400000 } from './0040-create-billing-profiles.ts';
import { CreateSubscriptions1797898800000 } from './0041-create-subscriptions.ts';
import { CreatePayments1798329600000 } from './0050-create-payments.ts';
import { CreateCredits1798416000000 } from './0060-create-credits.ts';
import { CreateBudgets1798419600000 } from './0061-create-budgets.ts';
import { CreateTopUps1798423200000 } from './0062-create-top-ups.ts';
import { PartitionUsageRecords1798502400000 } from './0070-partition-usage-records.ts';
import { CreateUsageEvents1798506000000 } from './0071-create-usage-events.ts';
import { CreateReconciliations1798509600000 } from './0072-create-reconciliations.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [
  CreateBillingTables1795262400000,
  RollUpUsage1795910400000,
  IndexUsageDays1795996800000,
  ProtectTenants1797465600000,
  CreateLedger1797552000000,
  CreateInvoices1797638400000,
  CreatePlanVersions1797724800000,
  CreateLimitOverrides1797728400000,
  OrderPlanVersions1797732000000,
  CreateBillingProfiles1797812400000,
  CreateSubscriptions1797898800000,
  CreatePayments1798329600000,
  CreateCredits1798416000000,
  CreateBudgets1798419600000,
  CreateTopUps1798423200000,
  PartitionUsageRecords1798502400000,
  CreateUsageEvents1798506000000,
  CreateReconciliations1798509600000,
];
