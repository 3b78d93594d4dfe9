import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { LogInAttempt } from './log-in-attempt.ts';

export const LogInAttemptEntity = new EntitySchema<LogInAttempt>({
  name: 'LogInAttempt',
  tableName: 'log_in_attempts',
  columns: {
    digest: { ...ID, primary: true },
    purpose: TEXT,
    provider: { ...TEXT, nullable: true },
    sso_connection_id: { ...ID, nullable: true },
    user_id: { ...ID, nullable: true },
    browser_digest: ID,
    nonce: TEXT,
    verifier: TEXT,
    redirect_uri: TEXT,
    return_to: { ...TEXT, nullable: true },
    created_at: MOMENT,
    expires_at: MOMENT,
    used_at: { ...MOMENT, nullable: true },
    identity: { type: 'jsonb', nullable: true },
    closed_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'log_in_attempts_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'log_in_attempts_sso_connection_id_fkey',
      target: 'SsoConnection',
      columnNames: ['sso_connection_id'],
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
  checks: [
    {
      name: 'log_in_attempts_provider_check',
      expression: '(provider is null) = (sso_connection_id is not null)',
    },
    { name: 'log_in_attempts_digest_check', expression: 'length(digest) = 64' },
    { name: 'log_in_attempts_browser_check', expression: 'length(browser_digest) = 64' },
    {
      name: 'log_in_attempts_purpose_check',
      expression: `purpose in ('log_in', 'link', 'prove', 'test')`,
    },
    {
      name: 'log_in_attempts_user_check',
      expression: `(purpose = 'log_in') = (user_id is null)`,
    },
  ],
  indices: [{ name: 'log_in_attempts_expires_idx', columns: ['expires_at'] }],
});
