import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { plural } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { permissionWords } from './permission-words.ts';
import { RoleDialog } from './role.dialog.tsx';
import { rolesQuery } from './role-choice.ts';
import { ROLE_WORDS, type RoleName } from './role-words.ts';

type RoleList = Awaited<ReturnType<Api['roles']['list']>>;
export type RoleRow = RoleList['data'][number];

/** What each role may do, side by side, and the roles that the partner makes. */
export default function RolesPage(): ReactNode {
  const roles = useQuery(rolesQuery);
  const mayWrite = useMay('roles:write');
  const [edited, setEdited] = useState<RoleRow | 'new' | null>(null);
  return (
    <>
      <PageHeader
        title="Roles"
        back={<Link to="/team">Team</Link>}
        actions={
          mayWrite && (
            <Button variant="primary" icon={Plus} onClick={() => setEdited('new')}>
              Create role
            </Button>
          )
        }
      >
        A role is what a person may do. The first six are the same for every partner; make others of single
        permissions.
      </PageHeader>
      <Panel query={roles} flush lines={10}>
        {(list) => <RoleMatrix list={list} mayWrite={mayWrite} onEdit={setEdited} />}
      </Panel>
      {edited && (
        <RoleDialog
          role={edited === 'new' ? null : edited}
          grantable={roles.data?.grantable ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

interface MatrixProps {
  readonly list: RoleList;
  readonly mayWrite: boolean;
  readonly onEdit: (role: RoleRow) => void;
}

/** One row for each permission, one column for each role. */
function RoleMatrix({ list: { data, grantable }, mayWrite, onEdit }: MatrixProps): ReactNode {
  const permissions = [...new Set([...grantable, ...data.flatMap((role) => role.permissions)])];
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full text-start">
        <caption className="sr-only">What each role may do</caption>
        <thead>
          <tr className="border-b border-line align-bottom">
            <th
              scope="col"
              className="sticky start-0 bg-surface px-4 py-3 text-start text-sm font-medium text-muted"
            >
              May
            </th>
            {data.map((role) => (
              <th key={role.id} scope="col" className="px-3 py-3 text-center text-sm font-medium">
                <span className="whitespace-nowrap">
                  {role.fixed ? ROLE_WORDS[role.id as RoleName].name : role.name}
                </span>
                <div className="text-xs font-normal whitespace-nowrap text-faint">
                  {plural(role.members, 'person', 'persons')}
                </div>
                {!role.fixed && mayWrite && <RoleActions role={role} onEdit={() => onEdit(role)} />}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map((permission) => (
            <tr key={permission} className="border-b border-line last:border-b-0">
              <th scope="row" className="sticky start-0 bg-surface px-4 py-2 text-start font-normal">
                <span className="sm:whitespace-nowrap">{permissionWords(permission)}</span>{' '}
                <code className="text-xs text-faint max-sm:hidden">{permission}</code>
              </th>
              {data.map((role) => {
                const may = role.permissions.includes(permission);
                return (
                  <td key={role.id} className="px-3 py-2 text-center">
                    <span aria-hidden className={may ? 'font-bold text-pass' : 'text-faint'}>
                      {may ? '✓' : '–'}
                    </span>
                    <span className="sr-only">{may ? 'yes' : 'no'}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RoleActions({ role, onEdit }: { readonly role: RoleRow; readonly onEdit: () => void }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const remove = useAction({
    run: () => api.roles.delete({ id: role.id }),
    done: `“${role.name}” is deleted`,
    refresh: [['roles']],
  });
  return (
    <>
      <Menu
        label={`Actions for ${role.name}`}
        items={[
          { label: 'Edit', icon: Pencil, onSelect: onEdit },
          { label: 'Delete', icon: Trash2, danger: true, onSelect: () => setAsked(true) },
        ]}
      />
      {isAsked && (
        <ConfirmDialog
          danger
          title={`Delete “${role.name}”`}
          action="Delete role"
          onConfirm={() => remove.mutateAsync()}
          onClose={() => setAsked(false)}
        >
          {role.members > 0 ? (
            <p>
              <Tag tone="accent">{plural(role.members, 'person', 'persons')}</Tag> have this role. Give them
              another one first.
            </p>
          ) : (
            <p>Nobody has this role.</p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
