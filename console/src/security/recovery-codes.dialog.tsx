import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Dialog } from '../ui/dialog.tsx';

interface RecoveryCodesDialogProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** Shows new recovery codes. They are in this dialog and nowhere else; only "I have stored them" closes it. */
export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps): ReactNode {
  const [isStored, setStored] = useState(false);
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  return (
    <Dialog
      title="Your recovery codes"
      onClose={onClose}
      closable={false}
      actions={
        <Button variant="primary" disabled={!isStored} onClick={onClose}>
          Done
        </Button>
      }
    >
      <p className="text-muted">
        Each logs you in once when your app or passkey is lost. This is the only time that they are shown:
        print them, or put them where your passwords are.
      </p>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-2 border border-line bg-sunken px-4 py-3 font-mono text-sm select-all sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          onClick={() => void copyText(codes.join('\n')).then((done) => setCopied(done ? 'yes' : 'refused'))}
        >
          Copy all
        </Button>
        <span role="status" className="text-sm text-muted">
          {copied === 'yes' && 'They are on your clipboard.'}
          {copied === 'refused' && 'The browser does not let us copy. Select them above.'}
        </span>
      </div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={isStored}
          onChange={(event) => setStored(event.target.checked)}
          className="size-4 accent-(--accent)"
        />
        I have stored them
      </label>
    </Dialog>
  );
}
