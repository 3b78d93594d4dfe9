import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { SsoConnection } from './sso-connection.ts';

export const SsoConnectionEntity = new EntitySchema<SsoConnection>({
  name: 'SsoConnection',
  tableName: 'sso_connections',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    kind: TEXT,
    name: TEXT,
    state: TEXT,
    settings: { type: 'jsonb' },
    secret: { ...TEXT, nullable: true },
    default_role: TEXT,
    created_by: ID,
    created_at: MOMENT,
    changed_at: MOMENT,
    tested_at: { ...MOMENT, nullable: true },
    enforced_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'sso_connections_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'sso_connections_created_by_fkey',
      target: 'User',
      columnNames: ['created_by'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'sso_connections_kind_check', expression: `kind in ('oidc', 'saml')` },
    {
      name: 'sso_connections_state_check',
      expression: `state in ('draft', 'tested', 'enforced', 'off')`,
    },
    {
      name: 'sso_connections_default_role_check',
      expression: `default_role in ('developer', 'billing', 'support', 'viewer')`,
    },
    { name: 'sso_connections_secret_check', expression: `(kind = 'oidc') = (secret is not null)` },
  ],
  indices: [
    { name: 'sso_connections_partner_idx', columns: ['partner_id'] },
    {
      name: 'sso_connections_enforced_key',
      columns: ['partner_id'],
      unique: true,
      where: `state = 'enforced'`,
    },
  ],
});
