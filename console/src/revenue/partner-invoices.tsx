import { FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { CURSORS, FIRST_PAGE, useCursorList } from '../api/cursor-list.ts';
import { type Api, api } from '../api/portal.ts';
import { Day } from '../billing/formats.tsx';
import { INVOICE_TYPES, invoiceMark, invoiceName, todayUtc } from '../billing/invoice-words.ts';
import { Link } from '../navigation/navigation.tsx';
import { usePageSearch } from '../navigation/page-search.ts';
import { type Column, Cursors, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Filter } from '../ui/filter.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { Panel } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const STATES = { open: 'Open', overdue: 'Overdue', failing: 'Failing', paid: 'Paid' } as const;
const searchSchema = z.object({
  ...CURSORS,
  state: z.optional(z.enum(['open', 'overdue', 'failing', 'paid'])),
  partner: z.optional(z.string()),
});
type Row = Awaited<ReturnType<Api['admin']['partnerInvoices']['list']>>['data'][number];

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'number',
    label: 'Number',
    cell: (invoice) => (
      <>
        <Link
          to={`/admin/billing/invoices/${invoice.id}`}
          className="font-medium whitespace-nowrap tabular-nums hover:underline"
        >
          {invoiceName(invoice)}
        </Link>
        {invoice.type === 'credit_note' && (
          <span className="block text-sm text-muted">{INVOICE_TYPES.credit_note}</span>
        )}
      </>
    ),
  },
  {
    key: 'buyer',
    label: 'Partner',
    className: 'w-full',
    from: 'sm',
    cell: ({ buyer_name, partner_id }) => (
      <Link to={`/admin/partners/${partner_id}`} className="break-words hover:underline">
        {buyer_name}
      </Link>
    ),
  },
  { key: 'due', label: 'Due', from: 'md', cell: ({ due_on }) => <Day day={due_on} /> },
  {
    key: 'status',
    label: 'Status',
    cell: (invoice) => (
      <>
        <StatusMark {...invoiceMark(invoice, todayUtc())} />
        {invoice.dunning && invoice.left > 0 && <Dunning dunning={invoice.dunning} />}
      </>
    ),
  },
  {
    key: 'left',
    label: 'Left',
    end: true,
    from: 'sm',
    cell: ({ left, currency }) => (left === 0 ? '–' : formatMoney(left, currency)),
  },
  {
    key: 'total',
    label: 'Total',
    end: true,
    cell: ({ total, currency, type }) => formatMoney(type === 'credit_note' ? -total : total, currency),
  },
];

/** Why an invoice is not paid, and what follows. */
function Dunning({ dunning }: { readonly dunning: NonNullable<Row['dunning']> }): ReactNode {
  const { failure_code, next_at } = dunning;
  return (
    <span className="block text-xs text-muted">
      {failure_code === null ? 'not paid by its day' : failure_code.replaceAll('_', ' ')}
      {next_at !== null && (
        <>
          , next step <Moment at={next_at} relative />
        </>
      )}
    </span>
  );
}

/** The invoices of all partners, or of the one that the address names. */
export function PartnerInvoices(): ReactNode {
  const [search, setSearch] = usePageSearch(searchSchema);
  const { state, partner } = search;
  const filters = { ...(state ? { state } : {}), ...(partner ? { partner } : {}) };
  const { query, onPrevious, onNext } = useCursorList({
    queryKey: ['invoices', 'partners', filters],
    search,
    setSearch,
    load: (cursor) => api.admin.partnerInvoices.list({ limit: 25, ...filters, ...cursor }),
  });
  return (
    <Panel
      query={query}
      title="Invoices"
      flush
      lines={8}
      actions={
        <>
          {partner && (
            <Link to="/admin/billing" className="link text-sm">
              Show all partners
            </Link>
          )}
          <Filter
            label="State"
            value={state}
            options={STATES}
            onChange={(next) => setSearch({ ...FIRST_PAGE, state: next })}
          />
        </>
      }
    >
      {({ data }) => (
        <>
          <DataTable
            caption="Invoices"
            columns={COLUMNS}
            rows={data}
            keyOf={({ id }) => id}
            faded={({ status }) => status === 'voided'}
            empty={<EmptyState icon={FileText} title={state ? 'No invoice fits' : 'No invoice yet'} />}
          />
          <Cursors what="invoices" onPrevious={onPrevious} onNext={onNext} />
        </>
      )}
    </Panel>
  );
}
