import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Moment } from '../ui/moment.tsx';
import type { KeyRow } from './key-state.ts';
import { LastUse } from './last-use.tsx';
import { OverlapChoice, useOverlap } from './overlap-choice.tsx';
import { ShownOnce } from './shown-once.tsx';

/**
 * Makes a new key of the same name and mode. The old key stays valid for the overlap, so that programs can
 * change over.
 */
export function RotateKeyDialog({
  apiKey,
  onClose,
}: {
  readonly apiKey: KeyRow;
  readonly onClose: () => void;
}): ReactNode {
  const [overlap, setOverlap] = useOverlap();
  const rotate = useAction({
    run: () => api.apiKeys.rotate({ id: apiKey.id, overlap_seconds: overlap }),
    refresh: [['api-keys']],
  });
  if (rotate.data)
    return (
      <ShownOnce title={`“${apiKey.name}” is regenerated`} secret={rotate.data.api_key.key} onClose={onClose}>
        <p className="text-muted">
          {rotate.data.replaced.expires_at ? (
            <>
              The old key (…{apiKey.last4}) ends <Moment at={rotate.data.replaced.expires_at} relative />.
            </>
          ) : (
            <>The old key (…{apiKey.last4}) has ended.</>
          )}
        </p>
      </ShownOnce>
    );
  return (
    <Dialog
      title={`Regenerate “${apiKey.name}”`}
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
            Regenerate key
          </Button>
        </>
      }
    >
      <p className="text-muted">
        You get a new key, once. How long shall the old one (…{apiKey.last4}) go on beside it?
      </p>
      <LastUse apiKey={apiKey} />
      <OverlapChoice what="The old key" value={overlap} onChange={setOverlap} />
      {rotate.error && <ErrorNote error={rotate.error} />}
    </Dialog>
  );
}
