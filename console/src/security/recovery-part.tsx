import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Moment } from '../ui/moment.tsx';
import { plural } from '../ui/numbers.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { SECOND_FACTORS_KEY, type SecondFactors } from './use-second-factors.ts';

/** So few codes are a reason to make new ones. */
const FEW = 3;

interface RecoveryPartProps {
  readonly factors: SecondFactors;
  readonly onCodes: (codes: readonly string[]) => void;
}

export function RecoveryPart({ factors, onCodes }: RecoveryPartProps): ReactNode {
  const { recovery_codes: codes, totp, passkeys } = factors;
  const [isAsked, setAsked] = useState(false);
  const renew = useAction({
    run: () => api.recoveryCodes.renew(),
    refresh: [SECOND_FACTORS_KEY],
    onDone: (made) => onCodes(made.codes),
  });
  if (!totp && passkeys.length === 0)
    return (
      <p className="text-muted">
        You get ten of them with your first second factor: each logs you in once when it is lost.
      </p>
    );
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
        {(codes?.left ?? 0) <= FEW && (
          <StatusMark status={codes ? 'warn' : 'fail'} word={codes ? 'Few' : 'None'} />
        )}
        {codes ? (
          <span>
            {plural(codes.left, 'code')} left, made <Moment at={codes.created_at} precision="day" />.
          </span>
        ) : (
          <span>All codes are used: without your app and passkeys you could not log in.</span>
        )}
      </p>
      <Button onClick={() => setAsked(true)}>Make new codes</Button>
      {isAsked && (
        <ConfirmDialog
          title="Make new recovery codes"
          action="Make new codes"
          onConfirm={() => renew.mutateAsync()}
          onClose={() => setAsked(false)}
        >
          <p>You get ten new codes. The old ones end at once.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
