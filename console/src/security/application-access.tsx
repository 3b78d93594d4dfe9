import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';

type Access = Awaited<ReturnType<Api['ownApplications']['list']>>['data'][number];
const QUERY_KEY = ['own-applications'] as const;

/** The applications that may act for the user. */
export function ApplicationAccess(): ReactNode {
  const query = useQuery({ queryKey: QUERY_KEY, queryFn: () => api.ownApplications.list() });
  return (
    <Panel query={query} title="Applications with access" flush lines={2}>
      {({ data }) =>
        data.length === 0 ? (
          <p className="px-4 pb-4 text-muted">
            None. An application asks you before it may act for you, and is listed here then.
          </p>
        ) : (
          <DataTable
            caption="Applications with access"
            columns={COLUMNS}
            rows={data}
            keyOf={({ application }) => application.id}
          />
        )
      }
    </Panel>
  );
}

const COLUMNS: readonly Column<Access>[] = [
  {
    key: 'name',
    label: 'Name',
    cell: ({ application, partner }) => (
      <>
        <span className="font-medium break-words">{application.name}</span>
        <div className="text-xs text-faint">of {partner.name}</div>
      </>
    ),
  },
  {
    key: 'scopes',
    label: 'May',
    from: 'sm',
    cell: ({ scopes }) => <span className="font-mono text-xs">{scopes.join(', ')}</span>,
  },
  {
    key: 'accepted',
    label: 'Accepted',
    from: 'md',
    cell: ({ last_accepted_at }) => <Moment at={last_accepted_at} relative />,
  },
  {
    key: 'actions',
    label: 'Actions',
    hideLabel: true,
    end: true,
    cell: (access) => <Remove access={access} />,
  },
];

function Remove({ access: { application } }: { readonly access: Access }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const remove = useAction({
    run: () => api.ownApplications.remove({ id: application.id }),
    done: `“${application.name}” has no access any more`,
    refresh: [QUERY_KEY],
  });
  return (
    <>
      <Button size="sm" aria-label={`Remove the access of ${application.name}`} onClick={() => setOpen(true)}>
        Remove
      </Button>
      {isOpen && (
        <ConfirmDialog
          danger
          title={`Remove the access of “${application.name}”`}
          action="Remove access"
          onConfirm={() => remove.mutateAsync()}
          onClose={() => setOpen(false)}
        >
          <p>Its calls for you are refused at once. It can ask you again.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
