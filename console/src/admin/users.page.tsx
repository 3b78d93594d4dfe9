import { UserPlus, UsersRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { InviteDialog } from '../people/invite.dialog.tsx';
import { ROLE_WORDS, roleNameOf } from '../people/role-words.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { PlatformPersonActions } from './platform-person-actions.tsx';
import { PLATFORM_ROLE_CHOICE, type PlatformRole } from './platform-roles.ts';
import { SearchField } from './search-field.tsx';

const searchSchema = z.object({ ...CURSORS, query: z.optional(z.string()) });
type UserRow = Awaited<ReturnType<Api['admin']['users']['list']>>['data'][number];

const COLUMNS: readonly Column<UserRow>[] = [
  { key: 'email', label: 'Email', className: 'w-full break-all font-medium', cell: ({ email }) => email },
  {
    key: 'partner',
    label: 'Belongs to',
    cell: ({ memberships, platform_role: role }) =>
      role ? (
        <>
          GridWorks <Tag tone="accent">{ROLE_WORDS[role].name}</Tag>
        </>
      ) : (
        <ul>
          {memberships.map((one) => (
            <li key={one.partner_id} className="whitespace-nowrap">
              <Link to={`/admin/partners/${one.partner_id}`}>{one.partner_name}</Link>{' '}
              <span className="text-sm text-faint">{roleNameOf(one)}</span>
            </li>
          ))}
          {memberships.length === 0 && <li className="text-faint">no partner</li>}
        </ul>
      ),
  },
  {
    key: 'sessions',
    label: 'Sessions',
    end: true,
    from: 'md',
    cell: ({ sessions }) => formatCount(sessions),
  },
  {
    key: 'since',
    label: 'Since',
    from: 'md',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
];

const ACTIONS: Column<UserRow> = {
  key: 'actions',
  label: 'Actions',
  hideLabel: true,
  end: true,
  cell: ({ id, email, platform_role: role }) =>
    role && <PlatformPersonActions id={id} email={email} role={role} />,
};

export default function UsersPage(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const [isInviting, setInviting] = useState(false);
  const mayInvite = useMay('platform-people:write');
  const { query: text } = search;
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['users', text ?? ''],
    search,
    setSearch,
    load: (cursor) => api.admin.users.list({ limit: 50, ...(text ? { query: text } : {}), ...cursor }),
  });
  return (
    <>
      <PageHeader
        title="Users"
        actions={
          mayInvite && (
            <Button icon={UserPlus} onClick={() => setInviting(true)}>
              Invite to GridWorks
            </Button>
          )
        }
      >
        Persons that can log in, newest first.
      </PageHeader>
      <div className="mb-4">
        <SearchField
          label="Search by email or id"
          value={text ?? ''}
          onSearch={(value) => setSearch({ ...FIRST_PAGE, query: value })}
        />
      </div>
      <Panel query={query} flush lines={10}>
        {({ data }) => (
          <>
            <DataTable
              caption="Users"
              columns={mayInvite ? [...COLUMNS, ACTIONS] : COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              empty={<EmptyState icon={UsersRound} title="No user fits" />}
            />
            <Cursors what="users" onPrevious={onPrevious} onNext={onNext} />
          </>
        )}
      </Panel>
      {isInviting && (
        <InviteDialog
          title="Invite a person to GridWorks"
          hint="An address without an account: people of GridWorks belong to no partner."
          roles={PLATFORM_ROLE_CHOICE}
          first="platform_sre"
          onSend={({ email, role }) =>
            api.admin.platformInvitations.create({ email, role: role as PlatformRole })
          }
          onClose={() => setInviting(false)}
        />
      )}
    </>
  );
}
