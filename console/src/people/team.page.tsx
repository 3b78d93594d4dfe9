import { Shapes, UserPlus, UsersRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { CURSORS, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { usePerson } from '../session/person.tsx';
import { useMay } from '../session/session.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { InvitationsPanel } from './invitations-panel.tsx';
import { InviteDialog } from './invite.dialog.tsx';
import { MemberActions } from './member-actions.tsx';
import { useRoleChoice } from './role-choice.ts';
import { roleNameOf } from './role-words.ts';

const search = z.object(CURSORS);
export type MemberRow = Awaited<ReturnType<Api['members']['list']>>['data'][number];

type GivenRole = Parameters<typeof api.invitations.create>[0]['role'];

/** The people of the partner, and who is invited. */
export default function TeamPage(): ReactNode {
  const [cursors, setSearch] = usePageSearch(search);
  const [isInviting, setInviting] = useState(false);
  const mayWrite = useMay('members:write');
  const roles = useRoleChoice();
  const { partner, user } = usePerson();
  const list = useCursorList<MemberRow>({
    queryKey: ['members'],
    search: cursors,
    setSearch,
    load: (cursor) => api.members.list({ limit: 25, ...cursor }),
  });
  return (
    <>
      <PageHeader
        title="Team"
        actions={
          <>
            <Link to="/team/roles" className={buttonClass('secondary')}>
              <Shapes aria-hidden size={15} />
              Roles
            </Link>
            {mayWrite && (
              <Button variant="primary" icon={UserPlus} onClick={() => setInviting(true)}>
                Invite
              </Button>
            )}
          </>
        }
      >
        Who works for {partner?.name ?? 'the partner'}, and what each person may do.
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Panel query={list.query} title="Members" flush lines={4}>
          {({ data }) => (
            <>
              <DataTable
                caption="Members"
                columns={mayWrite ? [...columnsFor(user.id), ACTIONS] : columnsFor(user.id)}
                rows={data}
                keyOf={({ id }) => id}
                empty={<EmptyState icon={UsersRound} title="Nobody is here" />}
              />
              <Cursors what="members" onPrevious={list.onPrevious} onNext={list.onNext} />
            </>
          )}
        </Panel>
        <InvitationsPanel mayWrite={mayWrite} />
      </div>
      {isInviting && (
        <InviteDialog
          title="Invite a person"
          hint="The person gets a mail with a link that works for seven days."
          roles={roles}
          first="developer"
          onSend={({ email, role }) => api.invitations.create({ email, role: role as GivenRole })}
          onClose={() => setInviting(false)}
        />
      )}
    </>
  );
}

const columnsFor = (me: string): readonly Column<MemberRow>[] => [
  {
    key: 'who',
    label: 'Person',
    className: 'w-full',
    cell: ({ name, email, user_id }) => (
      <>
        <span className="font-medium break-words">{name ?? email}</span>{' '}
        {user_id === me && <Tag tone="accent">you</Tag>}
        {name && <div className="text-sm break-all text-faint">{email}</div>}
      </>
    ),
  },
  { key: 'role', label: 'Role', className: 'whitespace-nowrap', cell: roleNameOf },
  {
    key: 'active',
    label: 'Last active',
    from: 'sm',
    cell: ({ last_active_at }) =>
      last_active_at ? (
        <Moment at={last_active_at} relative />
      ) : (
        <span className="text-faint">not logged in</span>
      ),
  },
  {
    key: 'joined',
    label: 'Joined',
    from: 'md',
    cell: ({ joined_at }) => <Moment at={joined_at} precision="day" />,
  },
];
const ACTIONS: Column<MemberRow> = {
  key: 'actions',
  label: 'Actions',
  hideLabel: true,
  end: true,
  cell: (member) => <MemberActions member={member} />,
};
