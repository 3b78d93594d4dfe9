export type { MigrationClass } from './apply-migrations.ts';
export { Database, type DatabaseOptions } from './database.ts';
export type { IdempotentCall } from './idempotency.ts';
export { CreateMessagingTables1000000000001 } from './migrations/create-messaging-tables.ts';
export { OUTSIDE_TRANSACTION, TRANSACTION_ABORTED } from './persistence.errors.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
