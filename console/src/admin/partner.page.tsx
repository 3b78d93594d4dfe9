import type { ApiKey } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { KEY_STATES, keyState } from '../keys/key-state.ts';
import { Link, useParam } from '../navigation/navigation.tsx';
import { roleNameOf } from '../people/role-words.ts';
import { PartnerAccount } from '../revenue/partner-account.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FigureNumber } from '../ui/figure-number.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatCount } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { StatusMark, Tag } from '../ui/status-mark.tsx';
import { ImpersonateDialog } from './impersonate.dialog.tsx';
import { SuspendPartnerDialog } from './suspend-partner.dialog.tsx';

type MemberRow = Awaited<ReturnType<Api['admin']['partners']['get']>>['people'][number];
const PEOPLE: readonly Column<MemberRow>[] = [
  { key: 'email', label: 'Email', className: 'w-full break-all', cell: ({ email }) => email },
  { key: 'role', label: 'Role', cell: roleNameOf },
  {
    key: 'since',
    label: 'Since',
    from: 'md',
    cell: ({ created_at }) => <Moment at={created_at} precision="day" />,
  },
];

const KEYS: readonly Column<ApiKey>[] = [
  {
    key: 'state',
    label: 'State',
    cell: (key) => <StatusMark {...KEY_STATES[keyState(key)]} />,
  },
  {
    key: 'name',
    label: 'Key',
    className: 'w-full',
    cell: ({ name, last4, mode }) => (
      <>
        {name} <code className="text-sm text-faint">…{last4}</code>{' '}
        <Tag {...(mode === 'test' ? { tone: 'test' as const } : {})}>{mode}</Tag>
      </>
    ),
  },
  { key: 'made', label: 'Made', from: 'md', cell: ({ created_at }) => <Moment at={created_at} /> },
];

export default function PartnerPage(): ReactNode {
  const id = useParam('id');
  const partner = useQuery({
    queryKey: ['partners', 'one', id],
    queryFn: () => api.admin.partners.get({ id }),
  });
  return (
    <Loaded query={partner} lines={10}>
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            back={<Link to="/admin/partners">Partners</Link>}
            actions={<PartnerActions partner={data} />}
          >
            <CopyableText text={data.id} what="Partner id" />
          </PageHeader>
          <div className="flex flex-col gap-5">
            {data.suspension && <SuspensionNote suspension={data.suspension} />}
            <Section title="Use">
              <dl className="grid grid-cols-2 gap-5 sm:grid-cols-4">
                <FigureNumber label="Plan" value={data.use?.plan.name ?? '◌'}>
                  {data.use ? `${formatCount(data.use.plan.included_calls)} calls included` : 'unknown now'}
                </FigureNumber>
                <FigureNumber
                  label="Calls this month"
                  value={data.use ? formatCount(data.use.used_calls) : '◌'}
                >
                  last <Moment at={data.use?.last_call_at} />
                </FigureNumber>
                <FigureNumber
                  label="Open tickets"
                  value={data.open_tickets === null ? '◌' : formatCount(data.open_tickets)}
                >
                  <Link to={`/admin/tickets?partner=${data.id}`}>All tickets</Link>
                </FigureNumber>
                <FigureNumber label="Partner since" value={<Moment at={data.created_at} precision="day" />} />
              </dl>
            </Section>
            <PartnerAccount id={data.id} />
            <div className="grid grid-cols-1 gap-5 xl:grid-cols-2">
              <Section title="People" flush>
                <DataTable caption="People" columns={PEOPLE} rows={data.people} keyOf={(user) => user.id} />
              </Section>
              <Section title="API keys" flush>
                <DataTable
                  caption="API keys"
                  columns={KEYS}
                  rows={data.keys}
                  keyOf={(key) => key.id}
                  faded={({ revoked_at }) => revoked_at !== null}
                  empty={<EmptyState title="No key yet" />}
                />
              </Section>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

type PartnerData = Awaited<ReturnType<Api['admin']['partners']['get']>>;

function PartnerActions({ partner: { id, name, suspension } }: { readonly partner: PartnerData }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [isImpersonating, setImpersonating] = useState(false);
  const maySuspend = useMay('partners:suspend');
  const mayImpersonate = useMay('impersonations:write');
  return (
    <>
      <Link to={`/admin/audit?chain=${id}`}>Audit log</Link>
      {mayImpersonate && <Button onClick={() => setImpersonating(true)}>Impersonate</Button>}
      {isImpersonating && <ImpersonateDialog id={id} name={name} onClose={() => setImpersonating(false)} />}
      {maySuspend && (
        <Button variant={suspension ? 'primary' : 'danger'} onClick={() => setOpen(true)}>
          {suspension ? 'Resume' : 'Suspend'}
        </Button>
      )}
      {isOpen && (
        <SuspendPartnerDialog
          id={id}
          name={name}
          kind={suspension ? 'resume' : 'suspend'}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function SuspensionNote({
  suspension: { reason, suspended_at, suspended_by },
}: {
  readonly suspension: NonNullable<PartnerData['suspension']>;
}): ReactNode {
  return (
    <Section title="Suspended">
      <StatusMark status="fail" word="keys and sessions are refused" />
      <p className="mt-2 font-medium wrap-anywhere">{reason}</p>
      <p className="mt-1 text-sm text-muted">
        Since <Moment at={suspended_at} relative />, by <span className="wrap-anywhere">{suspended_by}</span>
      </p>
    </Section>
  );
}
