import { CreateSupportTables1795262400000 } from './0001-create-support-tables.ts';
import { OrderTickets1795608000000 } from './0002-order-tickets.ts';
import { ListAllTickets1795910400000 } from './0003-list-all-tickets.ts';
import { ProtectTenants1797465600000 } from './0004-protect-tenants.ts';

/** All migrations of this service's schema, oldest first. */
export const migrations = [
  CreateSupportTables1795262400000,
  OrderTickets1795608000000,
  ListAllTickets1795910400000,
  ProtectTenants1797465600000,
];
