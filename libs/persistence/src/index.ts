export type { MigrationClass } from './apply-migrations.ts';
export { Database, type DatabaseOptions } from './database.ts';
export type { IdempotentCall } from './idempotency.ts';
export { dropListOrder, keepListOrder, type ListedTable } from './lists/keep-list-order.ts';
export { type ListPageQuery, type ListSource, readListPage } from './lists/read-list-page.ts';
export { OUTSIDE_TRANSACTION, TRANSACTION_ABORTED } from './persistence.errors.ts';
export { PersistenceModule, type PersistenceOptions } from './persistence.module.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
