import type { MigrationClass } from '../connection/apply-migrations.ts';
import { CreateListOrder1000000000003 } from './create-list-order.ts';
import { CreateMessagingTables1000000000001 } from './create-messaging-tables.ts';

/** The migrations of every service's schema, oldest first; each service's own migrations come after them. */
export const LIBRARY_MIGRATIONS: readonly MigrationClass[] = [
  CreateMessagingTables1000000000001,
  CreateListOrder1000000000003,
];
