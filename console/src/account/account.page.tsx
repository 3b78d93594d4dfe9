import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { ROLE_WORDS } from '../people/role-words.ts';
import { usePerson } from '../session/person.tsx';
import { logOut } from '../session/session.ts';
import { Choice } from '../shell/choice.tsx';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Section } from '../ui/panel.tsx';
import { toastFailed } from '../ui/toasts.tsx';
import { NameForm } from './name-form.tsx';
import { PartnersPanel } from './partners-panel.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

export default function AccountPage(): ReactNode {
  const { user, partner, role, sso } = usePerson();
  return (
    <>
      <PageHeader title="Account" />
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <div className="flex flex-col gap-5">
          <Section title="You">
            <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
              <dt className="text-muted">Email</dt>
              <dd className="break-all">{user?.email}</dd>
              <dt className="text-muted">Role</dt>
              <dd>{ROLE_WORDS[role].name}</dd>
              {partner && (
                <>
                  <dt className="text-muted">Company</dt>
                  <dd>{partner.name}</dd>
                </>
              )}
              <dt className="text-muted">Since</dt>
              <dd>
                <Moment at={user?.created_at} precision="day" />
              </dd>
            </dl>
            {!sso && (
              <div className="mt-4 border-t border-line pt-4">
                <NameForm />
              </div>
            )}
          </Section>
          <Section title="Appearance" note="kept in this browser">
            <div className="-mx-2.5 flex max-w-sm flex-col gap-1">
              <Choice
                label="Theme"
                name="theme"
                choices={[
                  ['light', 'Light'],
                  ['dark', 'Dark'],
                  ['system', 'System'],
                ]}
              />
              <Choice
                label="Times"
                name="zone"
                choices={[
                  ['local', 'Local'],
                  ['utc', 'UTC'],
                ]}
              />
            </div>
          </Section>
        </div>
        {sso ? (
          <Section title="Single sign-on">
            <p className="text-muted">
              You are logged in with {sso.name}, for {partner?.name ?? 'this partner'} only. To change your
              name, your password or what else is about your account, log in by yourself.
            </p>
          </Section>
        ) : (
          <Section title="Password">
            <PasswordForm />
            <p className="mt-4 border-t border-line pt-4 text-muted">
              Authenticator app, passkeys and recovery codes:{' '}
              <Link to="/settings/security" className="link">
                Security
              </Link>
            </p>
          </Section>
        )}
        {!user.platform_role && !sso && (
          <div className="lg:col-span-2">
            <PartnersPanel />
          </div>
        )}
        <div className="lg:col-span-2">
          <SessionsPanel />
        </div>
        <Section title="This browser">
          <p className="mb-3 text-muted">Logs you out here, in all tabs of this browser.</p>
          <Button
            onClick={() =>
              void logOut().catch((error: unknown) => toastFailed('You are still logged in', error))
            }
          >
            Log out
          </Button>
        </Section>
      </div>
    </>
  );
}
