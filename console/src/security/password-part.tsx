import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePerson } from '../session/person.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { SECOND_FACTORS_KEY, type SecondFactors } from './use-second-factors.ts';

export function PasswordPart({ factors }: { readonly factors: SecondFactors }): ReactNode {
  const { password, other_ways: ways } = factors;
  const isOfPlatform = usePerson().user.platform_role !== null;
  const [isAsked, setAsked] = useState(false);
  const remove = useAction({
    run: () => api.identity.removePassword(),
    done: 'Password removed',
    refresh: [SECOND_FACTORS_KEY],
  });
  if (!password)
    return (
      <p className="text-muted">
        You have none: you log in with a passkey or at a provider. “Forgot your password?” on the log-in page
        gives you one by mail.
      </p>
    );
  // Recovery codes alone are no way to log in every day.
  const mayRemove = !isOfPlatform && ways >= 2 && ways - (factors.recovery_codes ? 1 : 0) > 0;
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-muted">
        Change it on the page{' '}
        <Link to="/settings" className="link">
          Account
        </Link>
        .{' '}
        {isOfPlatform
          ? 'People of GridWorks keep their password.'
          : mayRemove
            ? 'With your other ways to log in you need none: what does not exist cannot be stolen.'
            : 'It can be removed with two other ways to log in on file: passkeys, log-ins at providers, or one of them and recovery codes.'}
      </p>
      {!isOfPlatform && (
        <Button disabled={!mayRemove} onClick={() => setAsked(true)}>
          Remove the password
        </Button>
      )}
      {isAsked && (
        <ConfirmDialog
          danger
          title="Remove the password"
          action="Remove the password"
          onConfirm={() => remove.mutateAsync()}
          onClose={() => setAsked(false)}
        >
          <p>
            You then log in with a passkey or at a provider only. Recovery codes, and a mail to your address,
            are the ways back.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
