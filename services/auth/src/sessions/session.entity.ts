import { EntitySchema, ID, MOMENT } from '@gridworks/persistence';
import type { Session } from './session.ts';

export const SessionEntity = new EntitySchema<Session & { readonly revoked_at: Date | null }>({
  name: 'Session',
  tableName: 'sessions',
  columns: {
    id: { ...ID, primary: true },
    user_id: ID,
    digest: ID,
    created_at: MOMENT,
    expires_at: MOMENT,
    revoked_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'sessions_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'sessions_digest_key', columns: ['digest'] }],
  checks: [{ name: 'sessions_digest_check', expression: 'length(digest) = 64' }],
  indices: [{ name: 'sessions_user_idx', columns: ['user_id', 'expires_at'] }],
});
