import { LogIn } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { portal } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { closeStepUpDialog } from './step-up.ts';
import { onProved } from './step-up-channel.ts';

interface ProviderProofProps {
  readonly provider: { readonly id: string; readonly name: string };
}

/** Proves who it is with a log-in at a provider, in a window of its own, so that this page keeps its state. */
export function ProviderProof({ provider }: ProviderProofProps): ReactNode {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => onProved(() => closeStepUpDialog(true)), []);
  const prove = async () => {
    // Opened at once: browsers let a page open a window only while a press is being handled.
    const opened = window.open('about:blank', '_blank', 'popup,width=520,height=680');
    setBusy(true);
    setError(null);
    try {
      const { authorization_url: url } = await portal.externalProofs.begin({ provider: provider.id });
      if (!/^https?:\/\//i.test(url)) throw new Error('The log-in provider has no web address.');
      if (opened) opened.location.href = url;
      else throw new Error('The browser did not open a window: allow this page to open one.');
    } catch (reason) {
      opened?.close();
      setError(reason);
    }
    setBusy(false);
  };
  return (
    <>
      <Button icon={LogIn} busy={busy} className="h-9" onClick={() => void prove()}>
        Continue with {provider.name}
      </Button>
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}
