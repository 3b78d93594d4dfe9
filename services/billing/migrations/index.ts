import { CreateBillingTables1795262400000 } from './0001-create-billing-tables.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [CreateBillingTables1795262400000];
