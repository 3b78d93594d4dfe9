import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { TotpFactor } from './totp.ts';

export const TotpFactorEntity = new EntitySchema<TotpFactor>({
  name: 'TotpFactor',
  tableName: 'totp_factors',
  columns: {
    user_id: { ...ID, primary: true },
    secret: TEXT,
    created_at: MOMENT,
    confirmed_at: { ...MOMENT, nullable: true },
    last_used_at: { ...MOMENT, nullable: true },
    last_step: { type: 'bigint', nullable: true },
  },
  foreignKeys: [
    {
      name: 'totp_factors_user_id_fkey',
      target: 'User',
      columnNames: ['user_id'],
      referencedColumnNames: ['id'],
    },
  ],
});
