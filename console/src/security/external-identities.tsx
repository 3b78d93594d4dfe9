import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { type LogInProvider, leaveFor, useLogInProviders } from '../session/log-in-providers.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { SECOND_FACTORS_KEY } from './use-second-factors.ts';

type ExternalIdentity = Awaited<ReturnType<Api['externalIdentities']['list']>>['data'][number];
const KEY = ['external-identities'] as const;

/** The log-ins at providers that belong to the user. Nothing when the portal has no providers and the user no log-in. */
export function ExternalIdentities(): ReactNode {
  const { data: providers = [] } = useLogInProviders();
  const query = useQuery({
    queryKey: KEY,
    queryFn: async () => (await api.externalIdentities.list()).data,
  });
  const [removing, setRemoving] = useState<ExternalIdentity | null>(null);
  if (providers.length === 0 && !query.data?.length) return null;
  return (
    <Panel
      query={query}
      title="Log-ins at providers"
      flush
      lines={3}
      actions={providers.map((provider) => <AddButton key={provider.id} provider={provider} />)}
    >
      {(rows) =>
        rows.length === 0 ? (
          <p className="px-4 pb-4 text-muted">
            None yet. Add one, and you log in with it in place of the password; a second factor is still asked
            for.
          </p>
        ) : (
          <>
            <DataTable
              caption="Log-ins at providers"
              columns={columnsOf(setRemoving)}
              rows={rows}
              keyOf={({ id }) => id}
            />
            {removing && <RemoveDialog identity={removing} onClose={() => setRemoving(null)} />}
          </>
        )
      }
    </Panel>
  );
}

function AddButton({ provider }: { readonly provider: LogInProvider }): ReactNode {
  const add = useAction({
    run: () => leaveFor(api.externalIdentities.begin({ provider: provider.id })),
    failed: `${provider.name} was not added`,
  });
  return (
    <Button size="sm" busy={add.isPending} onClick={() => add.mutate()}>
      Add {provider.name}
    </Button>
  );
}

function columnsOf(onRemove: (identity: ExternalIdentity) => void): readonly Column<ExternalIdentity>[] {
  return [
    {
      key: 'provider',
      label: 'Provider',
      cell: ({ provider_name, email }) => (
        <>
          <span className="font-medium">{provider_name}</span>
          {email && <span className="block text-sm break-all text-muted">{email}</span>}
        </>
      ),
    },
    {
      key: 'used',
      label: 'Last used',
      from: 'sm',
      cell: ({ last_used_at: at }) =>
        at ? <Moment at={at} relative /> : <span className="text-faint">never</span>,
    },
    {
      key: 'added',
      label: 'Added',
      from: 'md',
      cell: ({ linked_at }) => <Moment at={linked_at} precision="day" />,
    },
    {
      key: 'actions',
      label: 'Actions',
      hideLabel: true,
      end: true,
      cell: (identity) => (
        <Button size="sm" aria-label={`Remove ${identity.provider_name}`} onClick={() => onRemove(identity)}>
          Remove
        </Button>
      ),
    },
  ];
}

interface RemoveDialogProps {
  readonly identity: ExternalIdentity;
  readonly onClose: () => void;
}

function RemoveDialog({ identity: { id, provider_name }, onClose }: RemoveDialogProps): ReactNode {
  const remove = useAction({
    run: () => api.externalIdentities.remove({ id }),
    done: 'Log-in removed',
    refresh: [KEY, SECOND_FACTORS_KEY],
  });
  return (
    <ConfirmDialog
      danger
      title={`Remove your log-in at ${provider_name}`}
      action="Remove log-in"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    >
      <p>It no longer logs you in. Sessions that it began go on; end them on the page Account.</p>
    </ConfirmDialog>
  );
}
