import type { CreditGrant, CreditMovement } from '@gridworks/sdk';
import { Coins } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { type Status, StatusMark } from '../ui/status-mark.tsx';

const STATUSES: Readonly<Record<CreditGrant['status'], { readonly word: string; readonly status: Status }>> =
  {
    active: { word: 'Active', status: 'pass' },
    used: { word: 'Used', status: 'unknown' },
    expired: { word: 'Expired', status: 'unknown' },
    voided: { word: 'Taken back', status: 'unknown' },
  };
const KINDS: Readonly<Record<CreditGrant['kind'], string>> = {
  prepaid: 'Prepaid',
  promotional: 'Promotional',
};
const MOVES: Readonly<Record<CreditMovement['kind'], string>> = {
  granted: 'Granted',
  burned: 'Used by an invoice',
  returned: 'Given back, since the invoice was voided',
  expired: 'Expired',
  voided: 'Taken back',
};

export function GrantsTable({ rows }: { readonly rows: readonly CreditGrant[] }): ReactNode {
  return (
    <DataTable
      caption="Credit grants"
      columns={GRANT_COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      faded={({ status }) => status !== 'active'}
      empty={
        <EmptyState icon={Coins} title="No credit yet">
          Top up, and the next invoices are paid from it.
        </EmptyState>
      }
    />
  );
}

export function MovementsTable({ rows }: { readonly rows: readonly CreditMovement[] }): ReactNode {
  return (
    <DataTable
      caption="Movements of credit"
      columns={MOVEMENT_COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      empty={<p className="px-4 py-6 text-center text-muted">Nothing has moved yet.</p>}
    />
  );
}

const GRANT_COLUMNS: readonly Column<CreditGrant>[] = [
  {
    key: 'reason',
    label: 'Credit',
    className: 'w-full',
    cell: ({ reason, kind, invoice_id }) => (
      <>
        {invoice_id === null ? (
          <span className="font-medium">{reason}</span>
        ) : (
          <Link to={`/billing/invoices/${invoice_id}`} className="font-medium hover:underline">
            {reason}
          </Link>
        )}
        <span className="block text-sm text-muted">{KINDS[kind]}</span>
      </>
    ),
  },
  {
    key: 'granted',
    label: 'Since',
    from: 'md',
    cell: ({ granted_at }) => <Moment at={granted_at} precision="day" />,
  },
  {
    key: 'expires',
    label: 'Expires',
    from: 'sm',
    cell: ({ expires_at }) =>
      expires_at === null ? (
        <span className="text-faint">Never</span>
      ) : (
        <Moment at={expires_at} precision="day" />
      ),
  },
  { key: 'status', label: 'Status', cell: ({ status }) => <StatusMark {...STATUSES[status]} /> },
  {
    key: 'left',
    label: 'Left',
    end: true,
    cell: ({ remaining, amount, currency }) => (
      <>
        {formatMoney(remaining, currency)}
        <span className="block text-sm whitespace-nowrap text-muted">of {formatMoney(amount, currency)}</span>
      </>
    ),
  },
];

const MOVEMENT_COLUMNS: readonly Column<CreditMovement>[] = [
  {
    key: 'what',
    label: 'What',
    className: 'w-full',
    cell: ({ kind, invoice_id }) =>
      invoice_id === null ? (
        MOVES[kind]
      ) : (
        <Link to={`/billing/invoices/${invoice_id}`} className="link">
          {MOVES[kind]}
        </Link>
      ),
  },
  { key: 'at', label: 'When', cell: ({ at }) => <Moment at={at} precision="day" /> },
  {
    key: 'amount',
    label: 'Amount',
    end: true,
    className: 'whitespace-nowrap',
    cell: ({ amount, currency }) => `${amount > 0 ? '+' : '−'}${formatMoney(Math.abs(amount), currency)}`,
  },
];
