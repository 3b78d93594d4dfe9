import { EntitySchema, ID, MOMENT } from '@gridworks/persistence';

/** A network from which a user has logged in to an account. */
export interface KnownNetwork {
  readonly user_id: string;
  /** Hex SHA-256 of user and network: the addresses themselves are not stored. */
  readonly digest: string;
  readonly used_at: Date;
}

export const KnownNetworkEntity = new EntitySchema<KnownNetwork>({
  name: 'KnownNetwork',
  tableName: 'known_networks',
  columns: { user_id: { ...ID, primary: true }, digest: { ...ID, primary: true }, used_at: MOMENT },
  foreignKeys: [
    {
      name: 'known_networks_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
});
