import { EntitySchema, ID, MOMENT, TEXT } from '@gridworks/persistence';
import type { Partner } from './partner.ts';

export const PartnerEntity = new EntitySchema<Partner>({
  name: 'Partner',
  tableName: 'partners',
  columns: { id: { ...ID, primary: true }, name: TEXT, created_at: MOMENT },
});
