import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { ApiKey } from './api-key.ts';

interface ApiKeyRow extends ApiKey {
  readonly partner_id: string;
  readonly list_position: string;
}

export const ApiKeyEntity = new EntitySchema<ApiKeyRow>({
  name: 'ApiKey',
  tableName: 'api_keys',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    created_by: ID,
    name: TEXT,
    mode: TEXT,
    purpose: { ...TEXT, default: 'program' },
    digest: ID,
    last4: TEXT,
    imported: { type: 'boolean', default: false },
    scopes: { ...TEXT, array: true, nullable: true },
    allowed_networks: { ...TEXT, array: true, default: '{}' },
    limits: { type: 'jsonb', default: [] },
    created_at: MOMENT,
    expires_at: { ...MOMENT, nullable: true },
    replaced_at: { ...MOMENT, nullable: true },
    revoked_at: { ...MOMENT, nullable: true },
    leaked_at: { ...MOMENT, nullable: true },
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    {
      name: 'api_keys_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'api_keys_created_by_fkey',
      target: 'User',
      columnNames: ['created_by'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'api_keys_digest_key', columns: ['digest'] }],
  checks: [
    { name: 'api_keys_mode_check', expression: `mode in ('live', 'test')` },
    { name: 'api_keys_purpose_check', expression: `purpose in ('program', 'explorer')` },
    { name: 'api_keys_digest_check', expression: 'length(digest) = 64' },
  ],
  indices: [
    { name: 'api_keys_partner_idx', columns: ['partner_id', 'id'] },
    { name: 'api_keys_list_idx', columns: ['partner_id', 'list_position'], unique: true },
    {
      name: 'api_keys_explorer_idx',
      columns: ['created_by', 'created_at'],
      where: `purpose = 'explorer' and revoked_at is null`,
    },
  ],
});
