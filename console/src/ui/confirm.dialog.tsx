import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';

interface ConfirmProps {
  /** The question with the name of the resource: `Revoke "Production"`. */
  readonly title: string;
  /** The effect of the action, and the last use of the resource. */
  readonly children: ReactNode;
  /** The verb of the button: `Revoke key`. */
  readonly action: string;
  readonly danger?: boolean;
  /** When this rejects, the dialog stays open and shows the error. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function ConfirmDialog({
  title,
  children,
  action,
  danger,
  onConfirm,
  onClose,
}: ConfirmProps): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closable={!busy}
      actions={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={confirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2 text-muted">{children}</div>
      {error !== null && <ErrorNote error={error} />}
    </Dialog>
  );
}
