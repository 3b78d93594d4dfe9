import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';

/** A row of `sso_identities`: who a person of a partner's identity provider is here. */
export interface SsoIdentity {
  readonly id: string;
  readonly partner_id: string;
  readonly connection_id: string;
  readonly user_id: string;
  /** The provider's own name for the person. */
  readonly subject: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
}

export const SsoIdentityEntity = new EntitySchema<SsoIdentity>({
  name: 'SsoIdentity',
  tableName: 'sso_identities',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    connection_id: ID,
    user_id: ID,
    subject: TEXT,
    created_at: MOMENT,
    last_used_at: MOMENT,
  },
  foreignKeys: [
    {
      name: 'sso_identities_partner_id_fkey',
      target: 'Partner',
      columnNames: ['partner_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'sso_identities_connection_id_fkey',
      target: 'SsoConnection',
      columnNames: ['connection_id'],
      referencedColumnNames: ['id'],
    },
    {
      name: 'sso_identities_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'sso_identities_subject_key', columns: ['connection_id', 'subject'] }],
  indices: [{ name: 'sso_identities_user_idx', columns: ['user_id'] }],
});
