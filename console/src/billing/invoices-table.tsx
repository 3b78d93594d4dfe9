import type { Invoice } from '@gridworks/sdk';
import { Download, FileText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { Day } from './formats.tsx';
import { INVOICE_TYPES, invoiceMark, invoiceName, todayUtc } from './invoice-words.ts';

export function InvoicesTable({ rows }: { readonly rows: readonly Invoice[] }): ReactNode {
  return (
    <DataTable
      caption="Invoices"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ id }) => id}
      faded={({ status }) => status === 'voided'}
      empty={
        <EmptyState icon={FileText} title="No invoices yet">
          The first one comes when a period of a paid plan ends. The plan Free has no invoices.
        </EmptyState>
      }
    />
  );
}

/** The address of the file, which the browser downloads with the session. */
export const pdfOf = (id: string): string => `/v1/invoices/${id}/pdf`;

const COLUMNS: readonly Column<Invoice>[] = [
  {
    key: 'number',
    label: 'Number',
    className: 'w-full',
    cell: (invoice) => (
      <>
        <Link
          to={`/billing/invoices/${invoice.id}`}
          className="font-medium whitespace-nowrap tabular-nums hover:underline"
        >
          {invoiceName(invoice)}
        </Link>
        {invoice.type === 'credit_note' && (
          <span className="block text-sm text-muted">{INVOICE_TYPES.credit_note}</span>
        )}
        {invoice.purpose !== 'charges' && <span className="block text-sm text-muted">Top-up of credit</span>}
      </>
    ),
  },
  { key: 'issued', label: 'Issued', from: 'sm', cell: ({ issued_on }) => <Day day={issued_on} /> },
  { key: 'due', label: 'Due', from: 'md', cell: ({ due_on }) => <Day day={due_on} /> },
  {
    key: 'status',
    label: 'Status',
    cell: (invoice) => <StatusMark {...invoiceMark(invoice, todayUtc())} />,
  },
  {
    key: 'total',
    label: 'Total',
    end: true,
    cell: ({ total, currency, type }) => formatMoney(type === 'credit_note' ? -total : total, currency),
  },
  {
    key: 'pdf',
    label: 'File',
    hideLabel: true,
    from: 'sm',
    cell: (invoice) => (
      <a
        href={pdfOf(invoice.id)}
        download={`${invoice.number ?? invoice.id}.pdf`}
        className="link inline-flex items-center gap-1 text-sm whitespace-nowrap"
        aria-label={`Download ${invoiceName(invoice)} as PDF`}
      >
        <Download aria-hidden size={14} />
        PDF
      </a>
    ),
  },
];
