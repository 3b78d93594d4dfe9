import { KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Api } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { CodeForm } from './code-form.tsx';
import { canUsePasskeys, passkeyTrouble, showPasskey } from './passkey.ts';
import { completeLogIn, type FactorProof } from './session.ts';

export type LogInChallenge = Awaited<ReturnType<Api['logInChallenges']['create']>>;

interface SecondFactorFormProps {
  readonly challenge: LogInChallenge;
  /** What was right so far. */
  readonly intro?: string;
  readonly onDone: () => void;
  /** Back to email and password. */
  readonly onBack: () => void;
}

/** The second step of a log-in: a code, a passkey or a recovery code. */
export default function SecondFactorForm({
  challenge,
  intro = 'The password is right. This account also needs a second factor.',
  onDone,
  onBack,
}: SecondFactorFormProps): ReactNode {
  const { token, methods, public_key: options } = challenge;
  const hasPasskey = methods.includes('passkey') && options !== null && canUsePasskeys();
  const [recovers, setRecovers] = useState(!methods.includes('totp') && !hasPasskey);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const complete = async (proofOf: () => FactorProof | Promise<FactorProof>) => {
    setBusy(true);
    setError(null);
    try {
      await completeLogIn(token, await proofOf());
      onDone();
    } catch (reason) {
      setError(passkeyTrouble(reason));
      setBusy(false);
    }
  };
  const byPasskey = () =>
    complete(async () => ({
      method: 'passkey',
      passkey: (await showPasskey(options as NonNullable<typeof options>)) as never,
    }));
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{intro}</p>
      {recovers ? (
        <CodeForm
          kind="recovery"
          busy={busy}
          onCode={(code) => complete(() => ({ method: 'recovery_code', recovery_code: code }))}
        />
      ) : (
        methods.includes('totp') && (
          <CodeForm kind="totp" busy={busy} onCode={(code) => complete(() => ({ method: 'totp', code }))} />
        )
      )}
      {hasPasskey && (
        <Button icon={KeyRound} disabled={busy} onClick={byPasskey} className="h-9">
          Use a passkey
        </Button>
      )}
      {error !== null && <ErrorNote error={error} />}
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 text-sm">
        {methods.includes('recovery_code') && !recovers && (
          <button type="button" className="link" onClick={() => setRecovers(true)}>
            Use a recovery code
          </button>
        )}
        <button type="button" className="link" onClick={onBack}>
          Begin again
        </button>
      </div>
    </div>
  );
}
