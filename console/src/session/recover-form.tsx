import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { CodeForm } from './code-form.tsx';
import { recoverLogIn } from './session.ts';

interface RecoverFormProps {
  readonly email: string;
  readonly onDone: () => void;
  readonly onBack: () => void;
}

/** For an account without a password whose passkeys are lost. */
export default function RecoverForm({ email, onDone, onBack }: RecoverFormProps): ReactNode {
  const [address, setAddress] = useState(email);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const recover = async (code: string) => {
    setBusy(true);
    setError(null);
    try {
      await recoverLogIn(address.trim(), code);
      onDone();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">
        For an account without a password: a recovery code logs you in, and you can add another passkey.
      </p>
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <CodeForm kind="recovery" busy={busy} onCode={recover} action="Log in" />
      {error !== null && <ErrorNote error={error} />}
      <div>
        <Button variant="ghost" size="sm" onClick={onBack}>
          Back
        </Button>
      </div>
    </div>
  );
}
