import { LogIn } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { portal } from '../api/portal.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { type LogInProvider, leaveFor, useLogInProviders } from './log-in-providers.ts';

interface ProviderButtonsProps {
  /** Where the console goes on after the log-in. */
  readonly returnTo: string | undefined;
}

/** One button for each log-in provider; nothing when the portal has none. */
export function ProviderButtons({ returnTo }: ProviderButtonsProps): ReactNode {
  const { data: providers = [] } = useLogInProviders();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const begin = async ({ id }: LogInProvider) => {
    setBusy(id);
    setError(null);
    try {
      await leaveFor(
        portal.logInAttempts.create({ provider: id, ...(returnTo ? { return_to: returnTo } : {}) }),
      );
    } catch (reason) {
      setError(reason);
      setBusy(null);
    }
  };
  if (providers.length === 0) return null;
  return (
    <div className="flex flex-col gap-2">
      {providers.map((provider) => (
        <Button
          key={provider.id}
          icon={LogIn}
          className="h-9"
          busy={busy === provider.id}
          disabled={busy !== null}
          onClick={() => void begin(provider)}
        >
          Continue with {provider.name}
        </Button>
      ))}
      {error !== null && <ErrorNote error={error} />}
    </div>
  );
}
