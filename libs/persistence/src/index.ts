export { EntitySchema, In, IsNull, LessThan, MoreThan } from 'typeorm';
export { MIGRATION_LOCK, type MigrationClass } from './connection/apply-migrations.ts';
export {
  OUTSIDE_TRANSACTION,
  SchemaNotReadyError,
  TRANSACTION_ABORTED,
} from './connection/persistence.errors.ts';
export { ServerProbe } from './connection/server-probe.ts';
export { Database, type DatabaseOptions, type DatabaseSession } from './database/database.ts';
export type { IdempotentCall } from './database/key-digests.ts';
export type { Transaction, TransactionOptions } from './database/transaction.ts';
export * from './entities/column-types.ts';
export { schemaDifferences } from './entities/schema-differences.ts';
export { dropListOrder, keepListOrder, type ListedTable } from './lists/keep-list-order.ts';
export { type ListPageQuery, type ListSource, readListPage } from './lists/read-list-page.ts';
export { HourlyUpkeep } from './loop/hourly-upkeep.ts';
export { WakeableLoop } from './loop/wakeable-loop.ts';
export { LIBRARY_MIGRATIONS } from './migrations/library-migrations.ts';
export { type PartitionStep, TimePartitions } from './partitions/time-partitions.ts';
export { PersistenceModule, type PersistenceOptions } from './persistence.module.ts';
export { acrossTenants } from './tenancy/across-tenants.ts';
export { exposeTenants, protectTenants } from './tenancy/protect-tenants.ts';
