import { useQuery } from '@tanstack/react-query';
import { Ban, Send } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Menu } from '../ui/menu.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { roleNameOf } from './role-words.ts';

type InvitationRow = Awaited<ReturnType<Api['invitations']['list']>>['data'][number];
const KEY = ['invitations'] as const;
const REFETCH_MS = 5000;

/** The open invitations; nothing while there are none. */
export function InvitationsPanel({ mayWrite }: { readonly mayWrite: boolean }): ReactNode {
  const invitations = useQuery({
    queryKey: KEY,
    queryFn: async () => await api.invitations.list({ limit: 100 }),
    // Until the mail of the newest one was sent.
    refetchInterval: ({ state }) => (state.data?.data.some(({ sent_at }) => !sent_at) ? REFETCH_MS : false),
  });
  if (invitations.data?.data.length === 0) return null;
  return (
    <Panel query={invitations} title="Invited" flush lines={2}>
      {({ data }) => (
        <DataTable
          caption="Invitations"
          columns={mayWrite ? [...COLUMNS, ACTIONS] : COLUMNS}
          rows={data}
          keyOf={({ id }) => id}
          faded={({ expired }) => expired}
        />
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<InvitationRow>[] = [
  {
    key: 'who',
    label: 'Address',
    className: 'w-full break-all',
    cell: ({ email, invited_by }) => (
      <>
        <span className="font-medium">{email}</span>
        <div className="text-sm text-faint">by {invited_by.email}</div>
      </>
    ),
  },
  { key: 'role', label: 'Role', className: 'whitespace-nowrap', cell: roleNameOf },
  {
    key: 'state',
    label: 'State',
    cell: ({ expired, sent_at, expires_at }) => {
      if (expired) return <StatusMark plain status="warn" word="Expired" />;
      return (
        <>
          <StatusMark plain status={sent_at ? 'pass' : 'unknown'} word={sent_at ? 'Sent' : 'Being sent'} />
          <div className="text-xs whitespace-nowrap text-faint">
            ends <Moment at={expires_at} relative />
          </div>
        </>
      );
    },
  },
];
const ACTIONS: Column<InvitationRow> = {
  key: 'actions',
  label: 'Actions',
  hideLabel: true,
  end: true,
  cell: (invitation) => <InvitationActions invitation={invitation} />,
};

function InvitationActions({ invitation: { id, email } }: { readonly invitation: InvitationRow }): ReactNode {
  const resend = useAction({
    run: () => api.invitations.resend({ id }),
    done: `Sent again to ${email}`,
    failed: 'The invitation was not sent',
    refresh: [KEY],
  });
  const revoke = useAction({
    run: () => api.invitations.revoke({ id }),
    done: `The invitation of ${email} is revoked`,
    failed: 'The invitation was not revoked',
    refresh: [KEY],
  });
  return (
    <Menu
      label={`Actions for the invitation of ${email}`}
      items={[
        { label: 'Send again', icon: Send, onSelect: () => resend.mutate() },
        { label: 'Revoke', icon: Ban, danger: true, onSelect: () => revoke.mutate() },
      ]}
    />
  );
}
