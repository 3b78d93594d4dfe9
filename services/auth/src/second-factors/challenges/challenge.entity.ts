import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { Challenge } from './challenge.ts';

export const ChallengeEntity = new EntitySchema<Challenge>({
  name: 'Challenge',
  tableName: 'challenges',
  columns: {
    digest: { ...ID, primary: true },
    purpose: TEXT,
    user_id: { ...ID, nullable: true },
    nonce: TEXT,
    first_method: { ...TEXT, nullable: true },
    created_at: MOMENT,
    expires_at: MOMENT,
    used_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'challenges_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'challenges_digest_check', expression: 'length(digest) = 64' },
    { name: 'challenges_purpose_check', expression: `purpose in ('log_in', 'step_up', 'passkey')` },
  ],
  indices: [{ name: 'challenges_expires_idx', columns: ['expires_at'] }],
});
