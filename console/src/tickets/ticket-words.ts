import type { Ticket } from '@gridworks/sdk';
import type { Status } from '../ui/status-mark.tsx';

export type TicketStatus = Ticket['status'];
export type TicketPriority = Ticket['priority'];

export const TICKET_STATUSES: Readonly<
  Record<TicketStatus, { readonly word: string; readonly status: Status }>
> = {
  open: { word: 'Open', status: 'warn' },
  in_progress: { word: 'In progress', status: 'warn' },
  waiting_on_partner: { word: 'Waiting on you', status: 'fail' },
  resolved: { word: 'Resolved', status: 'pass' },
  closed: { word: 'Closed', status: 'unknown' },
};

export const TICKET_PRIORITIES: Readonly<Record<TicketPriority, string>> = {
  low: 'Low',
  normal: 'Normal',
  high: 'High',
  urgent: 'Urgent',
};

/** What happens next, in a sentence for the partner. */
export const NEXT_STEP: Readonly<Record<TicketStatus, string>> = {
  open: 'We have your ticket. Somebody takes it up next.',
  in_progress: 'Somebody is working on it.',
  waiting_on_partner: 'We need something from you before it can go on.',
  resolved: 'We think that it is solved. Close it, or open it again when it is not.',
  closed: 'This ticket is closed.',
};
