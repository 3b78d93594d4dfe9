import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';
import { Tag } from '../ui/status-mark.tsx';
import type { Credential } from './credential.ts';
import type { ExplorerKey } from './explorer-key.ts';

interface CredentialLineProps {
  readonly credential: Credential;
  /** Null while it is being made. */
  readonly apiKey: ExplorerKey | null;
  readonly onRenew: () => void;
}

/** What the call is sent with. */
export function CredentialLine({ credential, apiKey, onRenew }: CredentialLineProps): ReactNode {
  if (credential === 'none') return <p className="text-sm text-muted">Sent without a credential.</p>;
  if (credential === 'session')
    return (
      <p className="text-sm text-muted">Sent with the session of this browser: no API key opens this.</p>
    );
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted">
      <Tag tone="test">test key</Tag>
      {apiKey ? (
        <>
          <span>
            <code>…{apiKey.last4}</code> of this page, ends <Moment at={apiKey.expires_at} precision="time" />
          </span>
          <Button size="sm" variant="ghost" icon={RefreshCw} onClick={onRenew}>
            New key
          </Button>
        </>
      ) : (
        <span>is being made</span>
      )}
    </div>
  );
}
