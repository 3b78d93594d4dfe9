import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { Partner } from './partner.ts';

export const PartnerEntity = new EntitySchema<Partner & { readonly list_position: string }>({
  name: 'Partner',
  tableName: 'partners',
  columns: { id: { ...ID, primary: true }, name: TEXT, created_at: MOMENT, list_position: LIST_POSITION },
  indices: [{ name: 'partners_list_idx', columns: ['list_position'], unique: true }],
});
