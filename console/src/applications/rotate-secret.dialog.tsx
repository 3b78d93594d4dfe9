import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { OverlapChoice, useOverlap } from '../keys/overlap-choice.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Moment } from '../ui/moment.tsx';
import type { ApplicationRow } from './application-state.ts';
import { SecretShown } from './create-application.dialog.tsx';

interface RotateSecretProps {
  readonly application: ApplicationRow;
  readonly onClose: () => void;
}

/** Gives an application another secret; the old one works for the overlap, so that programs can change over. */
export function RotateSecretDialog({ application, onClose }: RotateSecretProps): ReactNode {
  const [overlap, setOverlap] = useOverlap();
  const { id, name, secret_last4: last4 } = application;
  const rotate = useAction({
    run: () => api.applications.rotateSecret({ id, overlap_seconds: overlap }),
    refresh: [['applications']],
  });
  if (rotate.data?.client_secret)
    return (
      <SecretShown
        application={application}
        secret={rotate.data.client_secret}
        title="New secret"
        onClose={onClose}
      >
        <p className="text-muted">
          {rotate.data.old_secret_expires_at ? (
            <>
              The old secret (…{last4}) ends <Moment at={rotate.data.old_secret_expires_at} relative />.
            </>
          ) : (
            <>The old secret (…{last4}) has ended.</>
          )}
        </p>
      </SecretShown>
    );
  return (
    <Dialog
      title={`New secret for “${name}”`}
      onClose={onClose}
      closable={!rotate.isPending}
      actions={
        <>
          <Button onClick={onClose} disabled={rotate.isPending}>
            Cancel
          </Button>
          <Button
            variant={overlap === 0 ? 'danger' : 'primary'}
            busy={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            Make the secret
          </Button>
        </>
      }
    >
      <p className="text-muted">
        You get a new secret, once. How long shall the old one (…{last4}) go on beside it?
      </p>
      <OverlapChoice what="The old secret" value={overlap} onChange={setOverlap} />
      {rotate.error && <ErrorNote error={rotate.error} />}
    </Dialog>
  );
}
