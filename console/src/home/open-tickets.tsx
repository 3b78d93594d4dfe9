import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { TICKET_STATUSES } from '../tickets/ticket-words.ts';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const SHOWN = 5;

/** The newest tickets that are neither resolved nor closed. */
export function OpenTickets(): ReactNode {
  const tickets = useQuery({
    queryKey: ['tickets', 'newest'],
    queryFn: () => api.tickets.list({ limit: 20 }),
  });
  return (
    <Panel
      query={tickets}
      title="Open tickets"
      lines={3}
      actions={
        <Link to="/support" className="link text-sm">
          All tickets
        </Link>
      }
    >
      {({ data }) => {
        const open = data
          .filter(({ status }) => status !== 'closed' && status !== 'resolved')
          .slice(0, SHOWN);
        if (open.length === 0) return <p className="py-1 text-muted">None of your newest tickets is open.</p>;
        return (
          <ul className="flex flex-col">
            {open.map(({ id, subject, status, updated_at }) => (
              <li
                key={id}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2 first:border-t-0"
              >
                <Link
                  to={`/support/${id}`}
                  className="min-w-0 flex-1 truncate font-medium text-text hover:underline"
                >
                  {subject}
                </Link>
                <StatusMark plain {...TICKET_STATUSES[status]} />
                <span className="text-sm text-faint">
                  <Moment at={updated_at} />
                </span>
              </li>
            ))}
          </ul>
        );
      }}
    </Panel>
  );
}
