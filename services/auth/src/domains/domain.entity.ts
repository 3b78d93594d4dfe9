import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { Domain } from './domain.ts';

export const DomainEntity = new EntitySchema<Domain>({
  name: 'VerifiedDomain',
  tableName: 'verified_domains',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    domain: ID,
    token: TEXT,
    created_by: ID,
    created_at: MOMENT,
    verified_at: { ...MOMENT, nullable: true },
    last_checked_at: { ...MOMENT, nullable: true },
    failed_since: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'verified_domains_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'verified_domains_created_by_fkey',
      target: 'User',
      columnNames: ['created_by'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'verified_domains_partner_key', columns: ['partner_id', 'domain'] }],
  checks: [{ name: 'verified_domains_domain_check', expression: 'domain = lower(domain)' }],
  indices: [
    {
      name: 'verified_domains_owner_key',
      columns: ['domain'],
      unique: true,
      where: 'verified_at is not null',
    },
  ],
});
