import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type Api, portal } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/panel.tsx';
import { CodeForm } from './code-form.tsx';
import { canUsePasskeys, passkeyTrouble, showPasskey } from './passkey.ts';
import { ProviderProof } from './provider-proof.tsx';
import { closeStepUpDialog } from './step-up.ts';

type Challenge = Awaited<ReturnType<Api['stepUps']['begin']>>;
type Proof = Parameters<Api['stepUps']['complete']>[0]['proof'];

/** Shown over the page when a call needs a fresh proof. The call is repeated afterwards. */
export default function StepUpDialog(): ReactNode {
  const challenge = useQuery({
    queryKey: ['step-up'],
    queryFn: () => portal.stepUps.begin(),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Dialog title="Is it still you?" onClose={() => closeStepUpDialog(false)}>
      <p className="text-muted">
        This needs a fresh proof, in case somebody else sits at this browser. It is then good for ten minutes.
      </p>
      <Loaded query={challenge} lines={2}>
        {(data) => <Proofs challenge={data} onFailed={() => void challenge.refetch()} />}
      </Loaded>
    </Dialog>
  );
}

interface ProofsProps {
  readonly challenge: Challenge;
  /** A challenge counts once: after a failure the next try needs another one. */
  readonly onFailed: () => void;
}

function Proofs({ challenge, onFailed }: ProofsProps): ReactNode {
  const { token, methods, public_key: options } = challenge;
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const prove = async (proofOf: () => Proof | Promise<Proof>) => {
    setBusy(true);
    setError(null);
    try {
      await portal.stepUps.complete({ proof: await proofOf() });
      closeStepUpDialog(true);
    } catch (reason) {
      setError(passkeyTrouble(reason));
      setBusy(false);
      onFailed();
    }
  };
  return (
    <>
      {options && canUsePasskeys() && (
        <Button
          icon={KeyRound}
          disabled={busy}
          className="h-9"
          onClick={() =>
            prove(async () => ({
              method: 'passkey',
              challenge: token,
              passkey: (await showPasskey(options)) as never,
            }))
          }
        >
          Use a passkey
        </Button>
      )}
      {methods.includes('totp') && (
        <CodeForm kind="totp" busy={busy} onCode={(code) => prove(() => ({ method: 'totp', code }))} />
      )}
      {methods.includes('password') && (
        <PasswordProof
          busy={busy}
          onPassword={(password) => prove(() => ({ method: 'password', password }))}
        />
      )}
      {challenge.providers.map((provider) => (
        <ProviderProof key={provider.id} provider={provider} />
      ))}
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}

function PasswordProof({
  busy,
  onPassword,
}: {
  readonly busy: boolean;
  readonly onPassword: (password: string) => void;
}): ReactNode {
  const [password, setPassword] = useState('');
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '') onPassword(password);
      }}
    >
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" busy={busy} disabled={password === ''} className="h-9">
        Confirm with the password
      </Button>
    </form>
  );
}
