import { useQuery } from '@tanstack/react-query';
import { FolderSync } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useRoleChoice } from '../people/role-choice.ts';
import { roleNameOf } from '../people/role-words.ts';
import { cx } from '../ui/cx.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { CONTROL_CLASS } from '../ui/field.tsx';
import { plural } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import type { ScimGroup } from './provisioning-schemas.ts';

const KEY = ['provisioned-groups'] as const;
type Wanted = Parameters<typeof api.provisionedGroups.map>[0]['role'];

/** The groups that the directory has sent, each with the role that it gives. */
export function GroupList({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  const query = useQuery({ queryKey: KEY, queryFn: () => api.provisionedGroups.list() });
  return (
    <Panel query={query} title="Groups and roles" flush lines={3}>
      {({ data, people }) => (
        <>
          <p className="px-4 pb-3 text-sm text-muted">
            {plural(people.total, 'person', 'persons')} provisioned, {people.active} of them members now. A
            person in several groups gets the role with the most permissions; one in none is a viewer. Owners
            are made here, never by a group.
          </p>
          <DataTable
            caption="Groups of the directory"
            columns={
              mayManage
                ? [...COLUMNS, { key: 'role', label: 'Role', cell: (group) => <RoleChoice group={group} /> }]
                : [...COLUMNS, READ_ONLY]
            }
            rows={data}
            keyOf={({ id }) => id}
            empty={
              <EmptyState icon={FolderSync} title="No group yet">
                Have your directory push groups. One that is named like a role, such as “developer”, gives
                that role at once; set the role of the others here.
              </EmptyState>
            }
          />
        </>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<ScimGroup>[] = [
  {
    key: 'name',
    label: 'Group',
    className: 'w-full',
    cell: ({ name, members }) => (
      <>
        <span className="font-medium wrap-anywhere">{name}</span>
        <span className="block text-sm text-muted">{plural(members, 'person', 'persons')}</span>
      </>
    ),
  },
];
const READ_ONLY: Column<ScimGroup> = {
  key: 'role',
  label: 'Role',
  cell: ({ role, custom_role }) =>
    role === null ? <span className="text-faint">none</span> : roleNameOf({ role, custom_role }),
};

function RoleChoice({ group }: { readonly group: ScimGroup }): ReactNode {
  const choice = useRoleChoice().filter(({ value }) => value !== 'owner');
  const map = useAction({
    run: (role: string) => api.provisionedGroups.map({ id: group.id, role: (role || null) as Wanted }),
    done: `The role of “${group.name}” is set`,
    failed: `The role of “${group.name}” was not set`,
    refresh: [KEY, ['members'], ['roles']],
  });
  return (
    <select
      aria-label={`Role of ${group.name}`}
      className={cx(CONTROL_CLASS, 'h-9 min-w-36 sm:min-w-56')}
      disabled={map.isPending}
      value={group.custom_role?.id ?? group.role ?? ''}
      onChange={(event) => map.mutate(event.target.value)}
    >
      <option value="">No role</option>
      {choice.map(({ value, label }) => (
        <option key={value} value={value}>
          {/* The page of the roles says what each may do; a table has no room for it. */}
          {label.split(':')[0]}
        </option>
      ))}
    </select>
  );
}
