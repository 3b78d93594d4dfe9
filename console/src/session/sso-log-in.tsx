import { Building2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { portal } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { leaveFor } from './log-in-providers.ts';

interface SsoLogInProps {
  /** Where the console goes on after the log-in. */
  readonly returnTo: string | undefined;
}

/** Logs in with the single sign-on of the partner that owns the domain of the address. */
export function SsoLogIn({ returnTo }: SsoLogInProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [email, setEmail] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const begin = async () => {
    setBusy(true);
    setError(null);
    try {
      await leaveFor(portal.sso.begin({ email: email.trim(), ...(returnTo ? { return_to: returnTo } : {}) }));
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  if (!isOpen)
    return (
      <Button icon={Building2} className="h-9" onClick={() => setOpen(true)}>
        Log in with SSO
      </Button>
    );
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (email.trim() !== '') void begin();
      }}
    >
      <TextField
        label="Email address at your organisation"
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      {error !== null && <ErrorNote error={error} />}
      <Button type="submit" busy={busy} disabled={email.trim() === ''} className="h-9">
        Continue to your organisation
      </Button>
    </form>
  );
}
