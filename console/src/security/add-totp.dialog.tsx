import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { CodeForm } from '../session/code-form.tsx';
import { CopySecret } from '../ui/copy-secret.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { QrCode } from './qr-code.tsx';
import type { Enrolment } from './totp-part.tsx';
import { SECOND_FACTORS_KEY } from './use-second-factors.ts';

interface AddTotpDialogProps {
  readonly enrolment: Enrolment;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Shows the secret as a picture and as text; a code of the app confirms it. */
export function AddTotpDialog({ enrolment, onCodes, onClose }: AddTotpDialogProps): ReactNode {
  const { secret, uri } = enrolment;
  const [error, setError] = useState<unknown>(null);
  const confirm = useAction({
    run: (code: string) => api.totp.confirm({ code }),
    done: 'Authenticator app added',
    refresh: [SECOND_FACTORS_KEY, ['session']],
    onDone: ({ recovery_codes: codes }) => {
      onClose();
      if (codes) onCodes(codes);
    },
  });
  return (
    <Dialog title="Add an authenticator app" onClose={onClose}>
      <p className="text-muted">
        Scan the picture with the app, or type the secret into it. Then enter the code that it shows.
      </p>
      <div className="self-center">
        <QrCode text={uri} label="QR code with the secret" />
      </div>
      <CopySecret label="Secret" secret={(secret.match(/.{1,4}/g) ?? []).join(' ')} />
      <CodeForm
        kind="totp"
        busy={confirm.isPending}
        action="Add the app"
        onCode={(code) => {
          setError(null);
          confirm.mutate(code, { onError: setError });
        }}
      />
      {error !== null && <ErrorNote error={error} />}
    </Dialog>
  );
}
