import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CopySecret } from '../ui/copy-secret.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface ShownOnceProps {
  readonly title: string;
  /** What is shown: a key by default. */
  readonly what?: 'key' | 'secret' | 'token';
  readonly secret: string;
  /** What belongs to it. A call of the API with the key by default. */
  readonly sample?: { readonly label: string; readonly text: string };
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Shows a new key or secret. It is in this dialog and nowhere else; only "I have stored it" closes the dialog. */
export function ShownOnce(props: ShownOnceProps): ReactNode {
  const { title, what = 'key', secret, sample = sampleCall(secret), onClose, children } = props;
  const [isStored, setStored] = useState(false);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closable={false}
      wide
      actions={
        <Button variant="primary" disabled={!isStored} onClick={onClose}>
          Done
        </Button>
      }
    >
      <p className="text-muted">
        This is the only time that the {what} is shown. Put it where your secrets are.
      </p>
      <CopySecret label={`Your new ${what}`} secret={secret} />
      <CopySecret label={sample.label} secret={sample.text} />
      {children}
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={isStored}
          onChange={(event) => setStored(event.target.checked)}
          className="size-4 accent-(--accent)"
        />
        I have stored it
      </label>
    </Dialog>
  );
}

const sampleCall = (key: string) => ({
  label: 'Try it',
  text: `curl ${location.origin}/v1/plans -H "authorization: Bearer ${key}"`,
});
