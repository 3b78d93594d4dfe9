import type { SupportAccess } from '@gridworks/sdk';
import { useQuery } from '@tanstack/react-query';
import { LifeBuoy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { Link } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm.dialog.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { SelectField } from '../ui/field.tsx';
import { Moment } from '../ui/moment.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Panel, Section } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const KEY = ['support-access'] as const;
const HOURS = [1, 4, 8, 24].map((hours) => ({
  value: String(hours),
  label: hours === 1 ? '1 hour' : `${hours} hours`,
}));
const ACCESS = [
  { value: 'read', label: 'Look only' },
  { value: 'write', label: 'Look and change' },
];

/** Grants access to the people of GridWorks, takes it back, and shows who used it. */
export default function SupportAccessPage(): ReactNode {
  const query = useQuery({ queryKey: KEY, queryFn: () => api.supportAccess.list() });
  const mayGrant = useMay('support-access:write');
  const [revoking, setRevoking] = useState<SupportAccess | null>(null);
  return (
    <>
      <PageHeader title="Support access">
        Let people of GridWorks see the console as you do, for a time that you choose. Every call that they
        make is in your <Link to="/audit?action=impersonation.called">audit log</Link>.
      </PageHeader>
      <div className="flex flex-col gap-5">
        {mayGrant && <GrantForm />}
        <Panel query={query} title="Granted" flush lines={4}>
          {({ data }) => (
            <DataTable
              caption="Support accesses"
              columns={columnsOf(mayGrant ? setRevoking : null)}
              rows={data}
              keyOf={({ id }) => id}
              faded={({ active }) => !active}
              empty={<EmptyState icon={LifeBuoy} title="Nobody of GridWorks had access" />}
            />
          )}
        </Panel>
      </div>
      {revoking && <RevokeDialog access={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function GrantForm(): ReactNode {
  const [hours, setHours] = useState('4');
  const [access, setAccess] = useState('read');
  const grant = useAction({
    run: () => api.supportAccess.grant({ hours: Number(hours), access: access as 'read' | 'write' }),
    done: 'Support access is granted',
    failed: 'Support access was not granted',
    refresh: [KEY],
  });
  return (
    <Section title="Grant access">
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label="For"
          options={HOURS}
          value={hours}
          onChange={(event) => setHours(event.target.value)}
        />
        <SelectField
          label="They may"
          options={ACCESS}
          value={access}
          onChange={(event) => setAccess(event.target.value)}
        />
        <Button variant="primary" busy={grant.isPending} onClick={() => grant.mutate()}>
          Grant access
        </Button>
      </div>
      <p className="mt-3 text-sm text-muted">
        Nobody of GridWorks can make keys, change passwords or grant access in your name.
      </p>
    </Section>
  );
}

function columnsOf(onRevoke: ((access: SupportAccess) => void) | null): readonly Column<SupportAccess>[] {
  return [
    {
      key: 'state',
      label: 'State',
      cell: ({ active, revoked_at }) =>
        active ? (
          <StatusMark status="warn" word="open" />
        ) : (
          <StatusMark status="unknown" word={revoked_at ? 'revoked' : 'over'} />
        ),
    },
    {
      key: 'access',
      label: 'They may',
      cell: ({ access }) => (access === 'write' ? 'look and change' : 'look only'),
    },
    {
      key: 'until',
      label: 'Until',
      cell: ({ expires_at, revoked_at }) => <Moment at={revoked_at ?? expires_at} />,
    },
    {
      key: 'uses',
      label: 'Used by',
      className: 'w-full',
      cell: ({ impersonations }) =>
        impersonations.length === 0 ? (
          <span className="text-faint">nobody</span>
        ) : (
          <ul className="flex flex-col gap-1">
            {impersonations.map(({ impersonator, reason, started_at }) => (
              <li key={started_at}>
                <span className="wrap-anywhere">{reason}</span>
                <span className="block text-sm wrap-anywhere text-muted">
                  <Moment at={started_at} /> by {impersonator}
                </span>
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: 'actions',
      label: 'Actions',
      hideLabel: true,
      end: true,
      cell: (access) => onRevoke && access.active && <Button onClick={() => onRevoke(access)}>Revoke</Button>,
    },
  ];
}

function RevokeDialog({
  access: { id },
  onClose,
}: {
  readonly access: SupportAccess;
  readonly onClose: () => void;
}): ReactNode {
  const revoke = useAction({
    run: () => api.supportAccess.revoke({ id }),
    done: 'Support access is revoked',
    refresh: [KEY],
  });
  return (
    <ConfirmDialog
      title="Revoke support access"
      action="Revoke"
      danger
      onConfirm={() => revoke.mutateAsync()}
      onClose={onClose}
    >
      <p>Whoever of GridWorks uses it now is logged out at once.</p>
    </ConfirmDialog>
  );
}
