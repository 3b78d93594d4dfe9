import type { Ticket } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link, useParam } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Detail } from '../ui/detail.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { NEXT_STEP, TICKET_PRIORITIES, TICKET_STATUSES, type TicketStatus } from './ticket-words.ts';

/** The partner's words for each permitted transition. */
const STEPS: Partial<Record<TicketStatus, string>> = {
  in_progress: 'Go on with it',
  resolved: 'It is solved',
  closed: 'Close ticket',
};
const REFETCH_MS = 30_000;

export default function TicketPage(): ReactNode {
  const id = useParam('id');
  const ticket = useQuery({
    queryKey: ['tickets', 'one', id],
    queryFn: () => api.tickets.get({ id }),
    refetchInterval: REFETCH_MS,
  });
  return (
    <>
      <PageHeader
        title={ticket.data?.subject ?? 'Ticket'}
        back={
          <Link to="/support" className="link">
            Support
          </Link>
        }
      />
      <Loaded query={ticket} lines={8}>
        {(data) => <Shown ticket={data} />}
      </Loaded>
    </>
  );
}

function Shown({ ticket }: { readonly ticket: Ticket }): ReactNode {
  const { status, body, priority, created_at, updated_at, id } = ticket;
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[1fr_18rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <Section title="Where it stands">
          <div className="flex flex-wrap items-center gap-3">
            <StatusMark {...TICKET_STATUSES[status]} />
            <p className="text-muted">{NEXT_STEP[status]}</p>
          </div>
          <Steps ticket={ticket} />
        </Section>
        <Section title="What you wrote">
          <p className="leading-relaxed break-words whitespace-pre-wrap">{body}</p>
        </Section>
      </div>
      <Section title="Details">
        <dl className="flex flex-col gap-3">
          <Detail name="Priority">{TICKET_PRIORITIES[priority]}</Detail>
          <Detail name="Opened">
            <Moment at={created_at} relative />
          </Detail>
          <Detail name="Last change">
            <Moment at={updated_at} relative />
          </Detail>
          <Detail name="Id">
            <span className="font-mono text-sm break-all select-all">{id}</span>
          </Detail>
        </dl>
      </Section>
    </div>
  );
}

/** Buttons for the permitted transitions of the ticket. */
function Steps({ ticket }: { readonly ticket: Ticket }): ReactNode {
  const [asked, setAsked] = useState<TicketStatus | null>(null);
  const mayWrite = useMay('tickets:write');
  const move = useAction({
    run: (status: TicketStatus) => api.tickets.transition({ id: ticket.id, status }),
    done: 'Ticket updated',
    refresh: [['tickets']],
  });
  const steps = ticket.allowed_transitions.filter(
    (to) => STEPS[to] && !(to === 'in_progress' && ticket.status === 'open'),
  );
  if (!mayWrite || steps.length === 0) return null;
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      {steps.map((to) => (
        <Button key={to} onClick={() => setAsked(to)}>
          {STEPS[to]}
        </Button>
      ))}
      {asked && (
        <ConfirmDialog
          title={`${STEPS[asked]}?`}
          action={STEPS[asked] ?? asked}
          onConfirm={() => move.mutateAsync(asked)}
          onClose={() => setAsked(null)}
        >
          <p>
            The ticket goes from {TICKET_STATUSES[ticket.status].word.toLowerCase()} to{' '}
            {TICKET_STATUSES[asked].word.toLowerCase()}.
            {asked === 'closed' && ' A closed ticket stays closed: for something new, open another one.'}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
