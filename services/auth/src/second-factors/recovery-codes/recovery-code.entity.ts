import { EntitySchema, ID, MOMENT } from '@gridworks/persistence';
import type { RecoveryCode } from './recovery-code.ts';

export const RecoveryCodeEntity = new EntitySchema<RecoveryCode>({
  name: 'RecoveryCode',
  tableName: 'recovery_codes',
  columns: {
    user_id: { ...ID, primary: true },
    digest: { ...ID, primary: true },
    created_at: MOMENT,
    used_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'recovery_codes_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [{ name: 'recovery_codes_digest_check', expression: 'length(digest) = 64' }],
});
