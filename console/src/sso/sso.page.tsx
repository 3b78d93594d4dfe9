import { useQuery } from '@tanstack/react-query';
import { Fingerprint } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link } from '../navigation/navigation.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { AddConnection } from './add-connection.tsx';
import { ConnectionItem } from './connection-item.tsx';
import { SSO_KEY } from './sso-schemas.ts';

/** The partner's own log-in: connections to its identity provider, their tests, and whether its people must use one. */
export default function SsoPage(): ReactNode {
  const query = useQuery({ queryKey: SSO_KEY, queryFn: () => api.ssoConnections.list() });
  return (
    <>
      <PageHeader title="Single sign-on">
        Your people log in with the identity provider of your organisation. It speaks for the addresses of
        your{' '}
        <Link to="/settings/domains" className="link">
          verified domains
        </Link>
        , and for no others.
      </PageHeader>
      <div className="flex flex-col gap-5">
        <Panel query={query} title="Connections" flush lines={5}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={Fingerprint} title="No connection yet">
                Add one below, test it with a log-in of your own, then decide whether everybody must use it.
              </EmptyState>
            ) : (
              <ul aria-label="Connections" className="divide-y divide-line border-t border-line">
                {data.map((connection) => (
                  <ConnectionItem key={connection.id} connection={connection} />
                ))}
              </ul>
            )
          }
        </Panel>
        <AddConnection />
      </div>
    </>
  );
}
