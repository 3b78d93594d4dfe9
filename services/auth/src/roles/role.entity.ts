import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { Role } from './role.ts';

export const RoleEntity = new EntitySchema<Role>({
  name: 'Role',
  tableName: 'roles',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    name: TEXT,
    permissions: { ...TEXT, array: true },
    created_at: MOMENT,
  },
  foreignKeys: [
    {
      name: 'roles_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
  ],
  // Unique on partner_id and lower(name), which an entity cannot express.
  indices: [{ name: 'roles_name_key', synchronize: false }],
});
