import { EntitySchema, ID, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { Invitation } from './invitation.ts';

const refersTo = (target: string, column: string) => ({
  name: `invitations_${column}_fkey`,
  target,
  columnNames: [column],
  referencedColumnNames: ['id'],
});

export const InvitationEntity = new EntitySchema<Invitation & { readonly list_position: string }>({
  name: 'Invitation',
  tableName: 'invitations',
  columns: {
    id: { ...ID, primary: true },
    list: ID,
    partner_id: { ...ID, nullable: true },
    email: TEXT,
    role: TEXT,
    role_id: { ...ID, nullable: true },
    invited_by: ID,
    created_at: MOMENT,
    expires_at: MOMENT,
    digest: { ...ID, nullable: true },
    sent_at: { ...MOMENT, nullable: true },
    ended_at: { ...MOMENT, nullable: true },
    accepted_by: { ...ID, nullable: true },
    list_position: LIST_POSITION,
  },
  foreignKeys: [
    refersTo('Partner', 'partner_id'),
    refersTo('Role', 'role_id'),
    refersTo('User', 'invited_by'),
    refersTo('User', 'accepted_by'),
  ],
  uniques: [{ name: 'invitations_digest_key', columns: ['digest'] }],
  indices: [
    // Unique on list and lower(email) of open ones, which an entity cannot express.
    { name: 'invitations_open_key', synchronize: false },
    { name: 'invitations_list_idx', columns: ['list', 'list_position'], unique: true },
  ],
});
