import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { CreateScimTokenDialog } from './create-scim-token.dialog.tsx';
import { GroupList } from './group-list.tsx';
import { TokenList } from './token-list.tsx';

/** What a directory needs to provision the people of the partner, and which roles its groups give. */
export default function ProvisioningPage(): ReactNode {
  const tokens = useQuery({ queryKey: ['scim-tokens'], queryFn: () => api.scimTokens.list() });
  const mayManage = useMay('scim:manage');
  const [isCreating, setCreating] = useState(false);
  return (
    <>
      <PageHeader title="Provisioning">
        Your directory, such as Okta or Microsoft Entra, makes and removes the accounts of your people by SCIM
        2.0. Their addresses must be in your{' '}
        <Link to="/settings/domains" className="link">
          verified domains
        </Link>
        .
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Section title="For your directory">
          <dl className="grid items-center gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
            <dt className="text-muted">Base URL</dt>
            <dd className="min-w-0">
              <CopyableText text={`${location.origin}/scim/v2`} what="Base URL" />
            </dd>
            <dt className="text-muted">Authentication</dt>
            <dd>HTTP header, with a SCIM token of yours as bearer token</dd>
            <dt className="text-muted">Unique identifier</dt>
            <dd>userName: the address of the person</dd>
          </dl>
        </Section>
        <Panel
          query={tokens}
          title="SCIM tokens"
          flush
          lines={3}
          actions={
            mayManage && (
              <Button icon={Plus} onClick={() => setCreating(true)}>
                Create token
              </Button>
            )
          }
        >
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={KeyRound} title="No token yet">
                A token lets your directory in, and does nothing else.
              </EmptyState>
            ) : (
              <TokenList tokens={data} mayManage={mayManage} />
            )
          }
        </Panel>
        <GroupList mayManage={mayManage} />
      </div>
      {isCreating && <CreateScimTokenDialog onClose={() => setCreating(false)} />}
    </>
  );
}
