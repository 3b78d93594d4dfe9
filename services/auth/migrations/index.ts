import { CreateAuthTables1795262400000 } from './0001-create-auth-tables.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [CreateAuthTables1795262400000];
