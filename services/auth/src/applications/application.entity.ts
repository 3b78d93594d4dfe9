import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { Application } from './application.ts';

interface ApplicationRow extends Application {
  readonly list_position: string;
}

export const ApplicationEntity = new EntitySchema<ApplicationRow>({
  name: 'Application',
  tableName: 'applications',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    name: TEXT,
    kind: TEXT,
    redirect_uris: { ...TEXT, array: true },
    scopes: { ...TEXT, array: true },
    secret_digest: { ...ID, nullable: true },
    secret_last4: { ...TEXT, nullable: true },
    old_secret_digest: { ...ID, nullable: true },
    old_secret_expires_at: { ...MOMENT, nullable: true },
    created_by: ID,
    created_at: MOMENT,
    last_used_at: { ...MOMENT, nullable: true },
    revoked_at: { ...MOMENT, nullable: true },
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    {
      name: 'applications_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'applications_created_by_fkey',
      target: 'User',
      columnNames: ['created_by'],
      referencedColumnNames: ['id'],
    },
  ],
  checks: [
    { name: 'applications_kind_check', expression: `kind in ('service', 'web', 'native')` },
    { name: 'applications_secret_digest_check', expression: 'length(secret_digest) = 64' },
    { name: 'applications_secret_check', expression: `(kind = 'native') = (secret_digest is null)` },
  ],
  indices: [{ name: 'applications_list_idx', columns: ['partner_id', 'list_position'], unique: true }],
});
