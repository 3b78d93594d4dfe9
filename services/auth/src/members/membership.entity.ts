import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { Membership } from './membership.ts';

export const MembershipEntity = new EntitySchema<Membership & { readonly list_position: string }>({
  name: 'Membership',
  tableName: 'memberships',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    user_id: ID,
    role: TEXT,
    role_id: { ...ID, nullable: true },
    created_at: MOMENT,
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    {
      name: 'memberships_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'memberships_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'memberships_role_id_fkey',
      target: 'Role',
      columnNames: ['role_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'memberships_person_key', columns: ['user_id', 'partner_id'] }],
  checks: [
    {
      name: 'memberships_role_check',
      expression: `role in ('owner', 'admin', 'developer', 'billing', 'support', 'viewer', 'custom')`,
    },
    { name: 'memberships_role_id_check', expression: `(role = 'custom') = (role_id is not null)` },
  ],
  indices: [
    { name: 'memberships_role_idx', columns: ['role_id'], where: 'role_id is not null' },
    { name: 'memberships_list_idx', columns: ['partner_id', 'list_position'], unique: true },
  ],
});
