import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { AccountToken } from './account-token.ts';

export const AccountTokenEntity = new EntitySchema<AccountToken>({
  name: 'AccountToken',
  tableName: 'account_tokens',
  columns: {
    id: { ...ID, primary: true },
    user_id: ID,
    purpose: TEXT,
    email: TEXT,
    digest: ID,
    created_at: MOMENT,
    expires_at: MOMENT,
  },
  foreignKeys: [
    {
      name: 'account_tokens_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [
    { name: 'account_tokens_digest_key', columns: ['digest'] },
    { name: 'account_tokens_purpose_key', columns: ['user_id', 'purpose'] },
  ],
  checks: [
    {
      name: 'account_tokens_purpose_check',
      expression: `purpose in ('confirm-email', 'reset-password', 'choose-password')`,
    },
  ],
});
