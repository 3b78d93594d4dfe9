import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { ExternalIdentity } from './external-identity.ts';

export const ExternalIdentityEntity = new EntitySchema<ExternalIdentity>({
  name: 'ExternalIdentity',
  tableName: 'external_identities',
  columns: {
    id: { ...ID, primary: true },
    user_id: ID,
    provider: TEXT,
    subject: TEXT,
    email: { ...TEXT, nullable: true },
    linked_at: MOMENT,
    last_used_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'external_identities_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'external_identities_subject_key', columns: ['provider', 'subject'] }],
  indices: [{ name: 'external_identities_user_idx', columns: ['user_id', 'linked_at'] }],
});
