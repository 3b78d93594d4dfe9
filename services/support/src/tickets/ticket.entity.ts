import { EntitySchema, ID, INTEGER, LIST_POSITION, MOMENT, TEXT } from '@gridworks/persistence';
import type { Ticket } from './ticket.ts';

export const TicketEntity = new EntitySchema<Ticket & { readonly list_position: string }>({
  name: 'Ticket',
  tableName: 'tickets',
  columns: {
    id: { ...ID, primary: true },
    partner_id: ID,
    subject: TEXT,
    body: TEXT,
    status: TEXT,
    priority: TEXT,
    version: INTEGER,
    created_at: MOMENT,
    updated_at: MOMENT,
    list_position: LIST_POSITION,
  },
  checks: [
    {
      name: 'tickets_status_check',
      expression: `status in ('open', 'in_progress', 'waiting_on_partner', 'resolved', 'closed')`,
    },
    { name: 'tickets_priority_check', expression: `priority in ('low', 'normal', 'high', 'urgent')` },
    { name: 'tickets_version_check', expression: 'version >= 1' },
  ],
  indices: [
    { name: 'tickets_partner_idx', columns: ['partner_id', 'id'] },
    { name: 'tickets_list_idx', columns: ['partner_id', 'list_position'], unique: true },
    { name: 'tickets_all_idx', columns: ['list_position'] },
    { name: 'tickets_all_status_idx', columns: ['status', 'list_position'] },
    { name: 'tickets_all_priority_idx', columns: ['priority', 'list_position'] },
    { name: 'tickets_status_idx', columns: ['partner_id', 'status', 'list_position'] },
  ],
});
