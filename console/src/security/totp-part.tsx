import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { Moment } from '../ui/moment.tsx';
import { AddTotpDialog } from './add-totp.dialog.tsx';
import { SECOND_FACTORS_KEY, type SecondFactors } from './use-second-factors.ts';

export type Enrolment = Awaited<ReturnType<Api['totp']['enrol']>>;

interface TotpPartProps {
  readonly totp: SecondFactors['totp'];
  readonly onCodes: (codes: readonly string[]) => void;
}

export function TotpPart({ totp, onCodes }: TotpPartProps): ReactNode {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [isAsked, setAsked] = useState(false);
  const enrol = useAction({
    run: () => api.totp.enrol(),
    failed: 'No authenticator app can be added now',
    onDone: setEnrolment,
  });
  const remove = useAction({
    run: () => api.totp.remove(),
    done: 'Authenticator app removed',
    refresh: [SECOND_FACTORS_KEY],
  });
  return (
    <div className="flex flex-col items-start gap-3">
      {totp ? (
        <>
          <p className="text-muted">
            On file since <Moment at={totp.created_at} precision="day" />
            {totp.last_used_at && (
              <>
                , last used <Moment at={totp.last_used_at} relative />
              </>
            )}
            .
          </p>
          <Button onClick={() => setAsked(true)}>Remove the app</Button>
        </>
      ) : (
        <>
          <p className="text-muted">
            An app on your telephone that shows six digits, another code every 30 seconds.
          </p>
          <Button variant="primary" busy={enrol.isPending} onClick={() => enrol.mutate()}>
            Add an authenticator app
          </Button>
        </>
      )}
      {enrolment && (
        <AddTotpDialog enrolment={enrolment} onCodes={onCodes} onClose={() => setEnrolment(null)} />
      )}
      {isAsked && (
        <ConfirmDialog
          danger
          title="Remove the authenticator app"
          action="Remove the app"
          onConfirm={() => remove.mutateAsync()}
          onClose={() => setAsked(false)}
        >
          <p>Its codes no longer log you in. Without a passkey your password is then enough, for anybody.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
