import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { Passkey } from './passkey.ts';

export const PasskeyEntity = new EntitySchema<Passkey>({
  name: 'Passkey',
  tableName: 'passkeys',
  columns: {
    id: { ...ID, primary: true },
    user_id: ID,
    credential_id: TEXT,
    public_key: TEXT,
    counter: { type: 'bigint' },
    transports: { type: 'text', array: true },
    synced: { type: 'boolean' },
    name: TEXT,
    created_at: MOMENT,
    last_used_at: { ...MOMENT, nullable: true },
  },
  foreignKeys: [
    {
      name: 'passkeys_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
  uniques: [{ name: 'passkeys_credential_id_key', columns: ['credential_id'] }],
  indices: [{ name: 'passkeys_user_idx', columns: ['user_id', 'created_at'] }],
});
