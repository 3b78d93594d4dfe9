import { FlaskConical, Power, ShieldCheck, Trash2 } from 'lucide-react';
import { Fragment, type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { ROLE_WORDS } from '../people/role-words.ts';
import { leaveFor } from '../session/log-in-providers.ts';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Moment } from '../ui/moment.tsx';
import { type Status, StatusMark } from '../ui/status-mark.tsx';
import { SSO_KEY, type SsoConnection } from './sso-schemas.ts';

const STATES: Readonly<Record<SsoConnection['state'], { status: Status; word: string; what: string }>> = {
  draft: {
    status: 'unknown',
    word: 'Draft',
    what: 'It logs nobody in yet. Test it with a log-in of your own at the provider.',
  },
  tested: {
    status: 'pass',
    word: 'Tested',
    what: 'Your people may log in with it, or with their passwords. Enforce it, and they must use it.',
  },
  enforced: {
    status: 'pass',
    word: 'Enforced',
    what: 'People with an address of your verified domains must log in with it. Owners with a second factor may still use their password, should the provider fail; the audit log says so.',
  },
  off: {
    status: 'warn',
    word: 'Off',
    what: 'It logs nobody in, and its sessions have ended. A test turns it on again.',
  },
};
type Asked = 'none' | 'enforce' | 'stop' | 'remove';

/** One connection: its state, what to do next, and what the provider must know. */
export function ConnectionItem({ connection }: { readonly connection: SsoConnection }): ReactNode {
  const { id, name, state, default_role: role, tested_at: testedAt } = connection;
  const { status, word, what } = STATES[state];
  const mayManage = useMay('sso:manage');
  const [asked, setAsked] = useState<Asked>('none');
  const test = useAction({ run: () => leaveFor(api.ssoConnections.beginTest({ id })) });
  return (
    <li className="flex flex-col gap-3 px-4 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h3 className="font-semibold wrap-anywhere">{name}</h3>
          <StatusMark status={status} word={word} />
        </div>
        {mayManage && (
          <div className="flex flex-wrap gap-2">
            <Button
              icon={FlaskConical}
              busy={test.isPending}
              variant={state === 'draft' || state === 'off' ? 'primary' : 'secondary'}
              onClick={() => test.mutate()}
            >
              Test
            </Button>
            {state === 'tested' && (
              <Button icon={ShieldCheck} variant="primary" onClick={() => setAsked('enforce')}>
                Enforce
              </Button>
            )}
            {(state === 'tested' || state === 'enforced') && (
              <Button icon={Power} onClick={() => setAsked('stop')}>
                Turn off
              </Button>
            )}
            <Button icon={Trash2} aria-label={`Remove ${name}`} onClick={() => setAsked('remove')}>
              Remove
            </Button>
          </div>
        )}
      </div>
      <p className="max-w-prose text-sm text-muted">{what}</p>
      {test.error && <ErrorNote error={test.error} />}
      <dl className="grid gap-x-4 gap-y-2 rounded-2 bg-sunken px-3 py-2 text-sm sm:grid-cols-[auto_1fr]">
        <Settings connection={connection} />
        <dt className="text-muted">Role of new people</dt>
        <dd>{ROLE_WORDS[role].name}</dd>
        <dt className="text-muted">Tested</dt>
        <dd>{testedAt ? <Moment at={testedAt} /> : 'not with these settings'}</dd>
      </dl>
      {asked !== 'none' && (
        <AskDialog key={asked} asked={asked} connection={connection} onClose={() => setAsked('none')} />
      )}
    </li>
  );
}

/** What each side knows of the other. */
function Settings({ connection: { oidc, saml, portal } }: { readonly connection: SsoConnection }): ReactNode {
  const own = oidc
    ? [['Redirect address', portal.redirect_uri]]
    : [
        ['Entity id and metadata of the portal', portal.metadata_url],
        ['Address for responses (ACS)', portal.acs_url],
      ];
  const theirs = oidc
    ? [
        ['Issuer', oidc.issuer],
        ['Client id', oidc.client_id],
      ]
    : [
        ['Entity id of the provider', saml?.entity_id],
        ['Log-in address', saml?.entry_point],
        ['Certificates', String(saml?.certificates.length ?? 0)],
      ];
  return (
    <>
      {theirs.map(([term, value]) => (
        <Fragment key={term}>
          <dt className="text-muted">{term}</dt>
          <dd className="min-w-0 break-all">{value}</dd>
        </Fragment>
      ))}
      {own.map(([term = '', text = '']) => (
        <Fragment key={term}>
          <dt className="text-muted">{term}</dt>
          <dd className="min-w-0">
            <CopyableText text={text} what={term} />
          </dd>
        </Fragment>
      ))}
    </>
  );
}

const ASKED = {
  enforce: {
    title: (name: string) => `Make everybody use ${name}`,
    action: 'Enforce',
    done: 'Single sign-on is enforced',
    run: (id: string) => api.ssoConnections.enforce({ id }),
    words:
      'People with an address of your verified domains can no longer log in with a password, a passkey or another provider, and their sessions end. This session goes on. Owners with a second factor keep their way in.',
  },
  stop: {
    title: (name: string) => `Turn ${name} off`,
    action: 'Turn off',
    done: 'The connection is off',
    run: (id: string) => api.ssoConnections.stop({ id }),
    words: 'Its sessions end at once. People without a password get one by “Forgot your password?”.',
  },
  remove: {
    title: (name: string) => `Remove ${name}`,
    action: 'Remove connection',
    done: 'Connection removed',
    run: (id: string) => api.ssoConnections.remove({ id }),
    words: 'Its sessions end at once. Your people keep their accounts and their roles.',
  },
} as const;

interface AskDialogProps {
  readonly asked: Exclude<Asked, 'none'>;
  readonly connection: SsoConnection;
  readonly onClose: () => void;
}

function AskDialog({ asked, connection: { id, name }, onClose }: AskDialogProps): ReactNode {
  const { title, action, done, run, words } = ASKED[asked];
  const act = useAction<unknown>({ run: () => run(id), done, refresh: [SSO_KEY] });
  return (
    <ConfirmDialog
      danger={asked !== 'enforce'}
      title={title(name)}
      action={action}
      onConfirm={() => act.mutateAsync()}
      onClose={onClose}
    >
      <p>{words}</p>
    </ConfirmDialog>
  );
}
