import { EntitySchema, ID, MOMENT } from '@gridworks/persistence';
import type { Session } from './session.ts';

export const SessionEntity = new EntitySchema<Session & { readonly revoked_at: Date | null }>({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    id: { ...ID, primary: true },
    user_id: ID,
    partner_id: { ...ID, nullable: true },
    digest: ID,
    created_at: MOMENT,
    expires_at: MOMENT,
    revoked_at: { ...MOMENT, nullable: true },
    ends_at: { ...MOMENT, nullable: true },
    idle_ms: { type: 'integer', nullable: true },
    last_used_at: { ...MOMENT, nullable: true },
    user_agent: { type: 'text', nullable: true },
    network: { type: 'text', nullable: true },
    authenticated_at: { ...MOMENT, nullable: true },
    methods: { type: 'text', array: true, nullable: true },
    sso_connection_id: { ...ID, nullable: true },
  },
  foreignKeys: [
    {
      name: 'sessions_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'sessions_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'sessions_sso_connection_id_fkey',
      target: 'SsoConnection',
      columnNames: ['sso_connection_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'sessions_digest_key', columns: ['digest'] }],
  checks: [
    { name: 'sessions_digest_check', expression: 'length(digest) = 64' },
    { name: 'sessions_sliding_check', expression: '(ends_at is null) = (idle_ms is null)' },
  ],
  indices: [
    { name: 'sessions_user_idx', columns: ['user_id', 'expires_at'] },
    { name: 'sessions_partner_idx', columns: ['partner_id', 'user_id'] },
    {
      name: 'sessions_sso_idx',
      columns: ['sso_connection_id'],
      where: 'sso_connection_id is not null',
    },
  ],
});
