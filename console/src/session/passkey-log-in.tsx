import { KeyRound } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { portal } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { endPasskeyOffer, offerPasskeys, passkeyTrouble, showPasskey } from './passkey.ts';
import { completeLogIn } from './session.ts';

/** Logs in with a passkey alone: by a button, and by the suggestions of the email field where browsers have them. */
export default function PasskeyLogIn({ onDone }: { readonly onDone: () => void }): ReactNode {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const done = useEffectEvent(onDone);
  /** The button takes the place of the suggestions: begun later they would end what it has begun. */
  const usesButton = useRef(false);
  useEffect(() => {
    let token = '';
    let isOver = false;
    const offer = async () => {
      const passkey = await offerPasskeys(async () => {
        const challenge = await portal.logInChallenges.create();
        token = challenge.token;
        return isOver || usesButton.current ? null : challenge.public_key;
      });
      if (!passkey || isOver || usesButton.current) return;
      await completeLogIn(token, { method: 'passkey', passkey: passkey as never });
      done();
    };
    // An offer is a convenience: the button shows what is wrong.
    offer().catch(() => undefined);
    return () => {
      isOver = true;
      void endPasskeyOffer();
    };
  }, []);
  const use = async () => {
    usesButton.current = true;
    setBusy(true);
    setError(null);
    try {
      const { token, public_key: options } = await portal.logInChallenges.create();
      if (!options) throw new Error('The portal offers no passkeys.');
      await completeLogIn(token, { method: 'passkey', passkey: (await showPasskey(options)) as never });
      onDone();
    } catch (reason) {
      setError(passkeyTrouble(reason));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <Button icon={KeyRound} busy={busy} onClick={use} className="h-9">
        Use a passkey
      </Button>
      {error !== null && <ErrorNote error={error} />}
    </div>
  );
}
