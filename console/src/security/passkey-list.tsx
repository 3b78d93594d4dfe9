import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { canUsePasskeys } from '../session/passkey.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Moment } from '../ui/moment.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tag } from '../ui/status-mark.tsx';
import { NamePasskeyDialog } from './name-passkey.dialog.tsx';
import { type Passkey, SECOND_FACTORS_KEY, type SecondFactors } from './use-second-factors.ts';

interface PasskeyListProps {
  readonly query: UseQueryResult<SecondFactors, Error>;
  readonly onCodes: (codes: readonly string[]) => void;
}

export function PasskeyList({ query, onCodes }: PasskeyListProps): ReactNode {
  const [isAdding, setAdding] = useState(false);
  const isPossible = canUsePasskeys();
  return (
    <Panel
      query={query}
      title="Passkeys"
      flush
      lines={3}
      actions={
        isPossible && (
          <Button size="sm" variant="primary" onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        )
      }
    >
      {({ passkeys }) => (
        <>
          {!isPossible && (
            <p className="px-4 pb-3 text-muted">
              Browsers have passkeys only at a host name, such as{' '}
              {`${location.protocol}//localhost:${location.port}`}, and not at this address.
            </p>
          )}
          {passkeys.length === 0 ? (
            <p className="px-4 pb-4 text-muted">
              None yet. A passkey is kept by this device, a security key or your password manager, and logs
              you in with a fingerprint, a face or a PIN.
            </p>
          ) : (
            <DataTable caption="Passkeys" columns={COLUMNS} rows={passkeys} keyOf={({ id }) => id} />
          )}
          {isAdding && <NamePasskeyDialog onCodes={onCodes} onClose={() => setAdding(false)} />}
        </>
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<Passkey>[] = [
  {
    key: 'name',
    label: 'Name',
    cell: ({ name, synced }) => (
      <>
        <span className="font-medium">{name}</span> {synced && <Tag>synced</Tag>}
      </>
    ),
  },
  { key: 'used', label: 'Last used', from: 'sm', cell: ({ last_used_at }) => <LastUse at={last_used_at} /> },
  {
    key: 'added',
    label: 'Added',
    from: 'md',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
  {
    key: 'actions',
    label: 'Actions',
    hideLabel: true,
    end: true,
    cell: (passkey) => <Actions passkey={passkey} />,
  },
];

const LastUse = ({ at }: { readonly at: string | null }): ReactNode =>
  at ? <Moment at={at} relative /> : <span className="text-faint">never</span>;

function Actions({ passkey }: { readonly passkey: Passkey }): ReactNode {
  const { id, name } = passkey;
  const [open, setOpen] = useState<'none' | 'rename' | 'remove'>('none');
  const close = () => setOpen('none');
  const remove = useAction({
    run: () => api.passkeys.remove({ id }),
    done: 'Passkey removed',
    refresh: [SECOND_FACTORS_KEY],
  });
  return (
    <div className="flex justify-end gap-2">
      <Button size="sm" aria-label={`Rename ${name}`} onClick={() => setOpen('rename')}>
        Rename
      </Button>
      <Button size="sm" aria-label={`Remove ${name}`} onClick={() => setOpen('remove')}>
        Remove
      </Button>
      {open === 'rename' && <NamePasskeyDialog passkey={passkey} onClose={close} />}
      {open === 'remove' && (
        <ConfirmDialog
          danger
          title={`Remove “${name}”`}
          action="Remove passkey"
          onConfirm={() => remove.mutateAsync()}
          onClose={close}
        >
          <p>It no longer logs you in. Delete it on your device, too: the device does not know.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
