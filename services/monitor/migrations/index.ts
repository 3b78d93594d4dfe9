import { CreateSystemHealthChecks1795262400000 } from './0001-create-system-health-checks.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [CreateSystemHealthChecks1795262400000];
