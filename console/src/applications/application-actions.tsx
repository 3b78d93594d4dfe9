import { Ban, RefreshCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Menu } from '../ui/menu.tsx';
import { Moment } from '../ui/moment.tsx';
import type { ApplicationRow } from './application-state.ts';
import { RotateSecretDialog } from './rotate-secret.dialog.tsx';

/** What a builder may do with an application: give it another secret, revoke it. Nothing with one that was revoked. */
export function ApplicationActions({ application }: { readonly application: ApplicationRow }): ReactNode {
  const [open, setOpen] = useState<'rotate' | 'revoke' | null>(null);
  const close = () => setOpen(null);
  const { id, name, kind } = application;
  const revoke = useAction({
    run: () => api.applications.revoke({ id }),
    done: `“${name}” is revoked`,
    refresh: [['applications']],
  });
  if (application.revoked_at) return null;
  return (
    <>
      <Menu
        label={`Actions for ${name}`}
        items={[
          ...(kind === 'native'
            ? []
            : [{ label: 'New secret', icon: RefreshCw, onSelect: () => setOpen('rotate') }]),
          { label: 'Revoke', icon: Ban, danger: true, onSelect: () => setOpen('revoke') },
        ]}
      />
      {open === 'rotate' && <RotateSecretDialog application={application} onClose={close} />}
      {open === 'revoke' && (
        <ConfirmDialog
          danger
          title={`Revoke “${name}”`}
          action="Revoke"
          onConfirm={() => revoke.mutateAsync()}
          onClose={close}
        >
          <p>Its tokens are refused at once, and it gets no others. It cannot be brought back.</p>
          <p className="text-muted">
            {application.last_used_at ? (
              <>
                Its last token was made <Moment at={application.last_used_at} relative />.
              </>
            ) : (
              'It has never got a token.'
            )}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
