import { type ReactNode, useState } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { ApplicationAccess } from './application-access.tsx';
import { ExternalIdentities } from './external-identities.tsx';
import { PasskeyList } from './passkey-list.tsx';
import { PasswordPart } from './password-part.tsx';
import { RecoveryCodesDialog } from './recovery-codes.dialog.tsx';
import { RecoveryPart } from './recovery-part.tsx';
import { TotpPart } from './totp-part.tsx';
import { type SecondFactors, useSecondFactors } from './use-second-factors.ts';

/** What the user logs in with: authenticator app, passkeys, recovery codes, password; and who else acts for the user. */
export default function SecurityPage(): ReactNode {
  const factors = useSecondFactors();
  // New codes are in this page only: whatever made them, one dialog shows them.
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <>
      <PageHeader title="Security">
        A second factor keeps others out who have learnt your password. Where you are logged in is on the page{' '}
        <Link to="/settings" className="link">
          Account
        </Link>
        .
      </PageHeader>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <Panel query={factors} title="Second factor" lines={2} className="lg:col-span-2">
          {(data) => <Summary factors={data} />}
        </Panel>
        <Panel query={factors} title="Authenticator app" lines={3}>
          {(data) => <TotpPart totp={data.totp} onCodes={setCodes} />}
        </Panel>
        <Panel query={factors} title="Recovery codes" lines={3}>
          {(data) => <RecoveryPart factors={data} onCodes={setCodes} />}
        </Panel>
        <div className="lg:col-span-2">
          <PasskeyList query={factors} onCodes={setCodes} />
        </div>
        <div className="lg:col-span-2 empty:hidden">
          <ExternalIdentities />
        </div>
        <Panel query={factors} title="Password" lines={3} className="lg:col-span-2">
          {(data) => <PasswordPart factors={data} />}
        </Panel>
        <div className="lg:col-span-2">
          <ApplicationAccess />
        </div>
      </div>
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </>
  );
}

function Summary({ factors }: { readonly factors: SecondFactors }): ReactNode {
  const { totp, passkeys, recovery_codes: codes, required, password } = factors;
  if (totp || passkeys.length > 0)
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusMark status={codes ? 'pass' : 'warn'} word={codes ? 'On' : 'No recovery codes left'} />
        <span className="text-muted">
          {password
            ? 'A log-in by password also asks for a second factor.'
            : 'You have no password. A log-in at a provider also asks for a second factor.'}
        </span>
      </p>
    );
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <StatusMark status={required ? 'fail' : 'warn'} word={required ? 'Required' : 'Off'} />
      <span className="text-muted">
        {required
          ? 'An admin of this portal needs one: add an authenticator app or a passkey, and all pages open.'
          : 'Whoever knows your password can log in. Add an authenticator app or a passkey.'}
      </span>
    </p>
  );
}
