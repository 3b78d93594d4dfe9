import { CreateHealingTables1795262401000 } from './0001-create-healing-tables.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [CreateHealingTables1795262401000];
