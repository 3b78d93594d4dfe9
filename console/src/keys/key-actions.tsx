import { Ban, Pencil, RefreshCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../session/session.ts';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { EditKeyDialog } from './edit-key.dialog.tsx';
import { type KeyRow, keyState } from './key-state.ts';
import { LastUse } from './last-use.tsx';
import { RotateKeyDialog } from './rotate-key.dialog.tsx';

/** What a person may do with a key: change, regenerate, revoke; only revoke, when it is of the explorer. Nothing with one that has ended. */
export function KeyActions({ apiKey }: { readonly apiKey: KeyRow }): ReactNode {
  const [open, setOpen] = useState<'edit' | 'rotate' | 'revoke' | null>(null);
  const close = () => setOpen(null);
  const revoke = useAction({
    run: () => api.apiKeys.revoke({ id: apiKey.id }),
    done: `“${apiKey.name}” is revoked`,
    refresh: [['api-keys']],
  });
  const state = keyState(apiKey);
  const mayWrite = useMay('api-keys:write');
  const mayRevoke = useMay('api-keys:revoke');
  const isChangeable = mayWrite && apiKey.purpose === 'program';
  if (state === 'revoked' || state === 'expired') return null;
  return (
    <>
      <Menu
        label={`Actions for ${apiKey.name}`}
        items={[
          ...(isChangeable ? [{ label: 'Change', icon: Pencil, onSelect: () => setOpen('edit') }] : []),
          ...(isChangeable && state === 'active'
            ? [{ label: 'Regenerate', icon: RefreshCw, onSelect: () => setOpen('rotate') }]
            : []),
          ...(mayRevoke
            ? [{ label: 'Revoke', icon: Ban, danger: true, onSelect: () => setOpen('revoke') } as const]
            : []),
        ]}
      />
      {open === 'edit' && <EditKeyDialog apiKey={apiKey} onClose={close} />}
      {open === 'rotate' && <RotateKeyDialog apiKey={apiKey} onClose={close} />}
      {open === 'revoke' && (
        <ConfirmDialog
          danger
          title={`Revoke “${apiKey.name}”`}
          action="Revoke key"
          onConfirm={() => revoke.mutateAsync()}
          onClose={close}
        >
          <p>Calls with this key are refused at once, and for good. It cannot be brought back.</p>
          <LastUse apiKey={apiKey} />
        </ConfirmDialog>
      )}
    </>
  );
}
