import { CreateSystemHealthChecks1795262400000 } from './0001-create-system-health-checks.ts';
import { CreateWriteChecks1795824000000 } from './0002-create-write-checks.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [CreateSystemHealthChecks1795262400000, CreateWriteChecks1795824000000];
