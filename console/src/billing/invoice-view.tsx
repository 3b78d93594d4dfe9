import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Detail } from '../ui/detail.tsx';
import { formatCount, formatMoney } from '../ui/numbers.ts';
import { Section } from '../ui/panel.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import { Row, TaxesAndTotal } from './amount-list.tsx';
import { Day, formatUnitPrice } from './formats.tsx';
import type { Invoice } from './invoice-payments.tsx';
import { invoiceMark, todayUtc } from './invoice-words.ts';

type Line = Invoice['lines'][number];
type Party = Invoice['seller'];

/** An invoice as a page shows it. */
export function InvoiceView({
  invoice,
  addressOf,
  children,
}: {
  readonly invoice: Invoice;
  /** The page of another invoice, by its id. */
  readonly addressOf: (id: string) => string;
  /** What is paid of it. */
  readonly children: ReactNode;
}): ReactNode {
  const { currency, terms, corrects, period, issued_on, due_on, seller, buyer, tax } = invoice;
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[1fr_18rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <Section title="Lines" flush>
          <DataTable
            caption="Lines"
            columns={columnsOf(currency)}
            rows={invoice.lines.map((line, index) => ({ ...line, index }))}
            keyOf={({ index }) => String(index)}
          />
          <Totals invoice={invoice} />
        </Section>
        {children}
        {(tax.note !== null || terms !== '') && (
          <Section title="Notes">
            <div className="flex flex-col gap-2 text-muted">
              {tax.note !== null && <p>{tax.note}</p>}
              {terms !== '' && <p>{terms}</p>}
            </div>
          </Section>
        )}
      </div>
      <Section title="Details">
        <dl className="flex flex-col gap-3">
          <Detail name="Status">
            <StatusMark {...invoiceMark(invoice, todayUtc())} />
          </Detail>
          <Detail name="Issued">
            <Day day={issued_on} />
          </Detail>
          {due_on !== null && (
            <Detail name="Due">
              <Day day={due_on} />
            </Detail>
          )}
          {period !== null && (
            <Detail name="Period">
              <Day day={period.from} /> to <Day day={period.to} />
            </Detail>
          )}
          {corrects !== null && (
            <Detail name="Corrects">
              <Link to={addressOf(corrects)} className="link">
                the invoice that it belongs to
              </Link>
            </Detail>
          )}
          {tax.place_of_supply !== null && <Detail name="Place of supply">{tax.place_of_supply}</Detail>}
          <Detail name="From">
            <PartyOf party={seller} />
          </Detail>
          <Detail name="To">
            <PartyOf party={buyer} />
          </Detail>
        </dl>
      </Section>
    </div>
  );
}

function Totals({ invoice }: { readonly invoice: Invoice }): ReactNode {
  const { net, currency, type } = invoice;
  return (
    <dl className="ml-auto flex w-full max-w-sm flex-col gap-1.5 border-t border-line px-4 py-3">
      <Row name="Net" amount={net} currency={currency} />
      <TaxesAndTotal {...invoice} totalName={type === 'credit_note' ? 'Total given back' : 'Total'} />
    </dl>
  );
}

function PartyOf({ party }: { readonly party: Party }): ReactNode {
  const { name, address, tax_id, email } = party;
  return (
    <address className="break-words not-italic">
      <span className="block font-medium">{name}</span>
      {address.map((line) => (
        <span key={line} className="block text-muted">
          {line}
        </span>
      ))}
      {tax_id && (
        <span className="block text-muted">
          {tax_id.label} {tax_id.id}
        </span>
      )}
      {email && <span className="block text-muted">{email}</span>}
    </address>
  );
}

const columnsOf = (currency: string): readonly Column<Line & { readonly index: number }>[] => [
  {
    key: 'description',
    label: 'Description',
    className: 'w-full min-w-48',
    cell: ({ description, detail }) => (
      <>
        {description}
        {detail !== null && <span className="block text-sm text-muted">{detail}</span>}
      </>
    ),
  },
  {
    key: 'quantity',
    label: 'Quantity',
    end: true,
    from: 'sm',
    cell: ({ quantity }) => formatCount(quantity),
  },
  {
    key: 'unit',
    label: 'Price of one',
    end: true,
    from: 'sm',
    cell: ({ unit_amount }) => formatUnitPrice(unit_amount, currency),
  },
  { key: 'amount', label: 'Amount', end: true, cell: ({ amount }) => formatMoney(amount, currency) },
];
