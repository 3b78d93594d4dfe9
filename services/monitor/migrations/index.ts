import { CreateSystemHealthChecks1795262400000 } from './0001-create-system-health-checks.ts';
import { CreateWriteChecks1795824000000 } from './0002-create-write-checks.ts';
import { CreateHealthRollups1795910400000 } from './0003-create-health-rollups.ts';
import { CreateCheckChanges1796083200000 } from './0004-create-check-changes.ts';
import { PartitionSystemHealthChecks1796083260000 } from './0005-partition-system-health-checks.ts';
import { CreateIndexChecks1796083320000 } from './0006-create-index-checks.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [
  CreateSystemHealthChecks1795262400000,
  CreateWriteChecks1795824000000,
  CreateHealthRollups1795910400000,
  CreateCheckChanges1796083200000,
  PartitionSystemHealthChecks1796083260000,
  CreateIndexChecks1796083320000,
];
