import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { User } from './user.ts';

export const UserEntity = new EntitySchema<User & { readonly list_position: string }>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { ...ID, primary: true },
    partner_id: { ...ID, nullable: true },
    email: TEXT,
    password_hash: TEXT,
    role: TEXT,
    created_at: MOMENT,
    name: { ...TEXT, nullable: true },
    locale: { ...TEXT, nullable: true },
    zone: { ...TEXT, nullable: true },
    theme: { ...TEXT, nullable: true },
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    {
      name: 'users_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'users_role_check', expression: `role in ('owner', 'member', 'admin')` },
    { name: 'users_theme_check', expression: `theme in ('light', 'dark', 'system')` },
    { name: 'users_check', expression: `(role = 'admin') = (partner_id is null)` },
  ],
  indices: [
    // Unique on lower(email), which an entity cannot express.
    { name: 'users_email_key', synchronize: false },
    { name: 'users_partner_idx', columns: ['partner_id'] },
    { name: 'users_list_idx', columns: ['list_position'], unique: true },
  ],
});
