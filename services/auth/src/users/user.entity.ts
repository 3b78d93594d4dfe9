import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { User } from './user.ts';

export const UserEntity = new EntitySchema<User & { readonly list_position: string }>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { ...ID, primary: true },
    email: TEXT,
    password_hash: { ...TEXT, nullable: true },
    created_at: MOMENT,
    name: { ...TEXT, nullable: true },
    locale: { ...TEXT, nullable: true },
    zone: { ...TEXT, nullable: true },
    theme: { ...TEXT, nullable: true },
    email_confirmed_at: { ...MOMENT, nullable: true },
    platform_role: { ...TEXT, nullable: true },
    last_partner_id: { ...ID, nullable: true },
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    {
      name: 'users_last_partner_id_fkey',
      target: 'Partner',
      columnNames: ['last_partner_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    {
      name: 'users_platform_role_check',
      expression: `platform_role in ('platform_admin', 'platform_sre', 'platform_support', 'platform_auditor')`,
    },
    { name: 'users_theme_check', expression: `theme in ('light', 'dark', 'system')` },
  ],
  indices: [
    // Unique on lower(email), which an entity cannot express.
    { name: 'users_email_key', synchronize: false },
    { name: 'users_list_idx', columns: ['list_position'], unique: true },
  ],
});
