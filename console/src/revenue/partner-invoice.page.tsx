import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { PaymentItem } from '../billing/invoice-payments.tsx';
import { InvoiceView } from '../billing/invoice-view.tsx';
import { INVOICE_TYPES } from '../billing/invoice-words.ts';
import { Link, useParam } from '../navigation/navigation.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Moment } from '../ui/moment.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded, Section } from '../ui/panel.tsx';
import { CreditNoteDialog, VoidInvoiceDialog } from './correct-invoice.dialog.tsx';
import { RecordTransferDialog } from './record-transfer.dialog.tsx';

export type PartnerInvoice = Awaited<ReturnType<Api['admin']['partnerInvoices']['get']>>;
type Open = 'transfer' | 'credit' | 'void' | null;

/** An invoice of a partner: what was paid of it, and what GridWorks can do about it. */
export default function PartnerInvoicePage(): ReactNode {
  const id = useParam('id');
  const invoice = useQuery({
    queryKey: ['invoices', 'partner', id],
    queryFn: () => api.admin.partnerInvoices.get({ id }),
  });
  return (
    <Loaded query={invoice} lines={12}>
      {(data) => (
        <>
          <PageHeader
            title={`${INVOICE_TYPES[data.type]} ${data.number ?? ''}`}
            back={<Link to="/admin/billing">Revenue</Link>}
            actions={<Actions invoice={data} />}
          >
            Of <Link to={`/admin/partners/${data.partner_id}`}>{data.buyer.name}</Link>
          </PageHeader>
          <InvoiceView invoice={data} addressOf={(other) => `/admin/billing/invoices/${other}`}>
            {data.status === 'finalized' && data.type === 'invoice' && <Payments invoice={data} />}
          </InvoiceView>
        </>
      )}
    </Loaded>
  );
}

function Actions({ invoice }: { readonly invoice: PartnerInvoice }): ReactNode {
  const [open, setOpen] = useState<Open>(null);
  const mayPay = useMay('payments:write');
  const mayCorrect = useMay('invoices:write');
  const { type, status, left, payment_status, payments } = invoice;
  if (type !== 'invoice' || status !== 'finalized') return null;
  const onClose = () => setOpen(null);
  return (
    <>
      {mayCorrect && <Button onClick={() => setOpen('credit')}>Credit note</Button>}
      {mayCorrect && payment_status === 'unpaid' && payments.length === 0 && (
        <Button onClick={() => setOpen('void')}>Void</Button>
      )}
      {mayPay && left > 0 && (
        <Button variant="primary" onClick={() => setOpen('transfer')}>
          Record transfer
        </Button>
      )}
      {open === 'transfer' && <RecordTransferDialog invoice={invoice} onClose={onClose} />}
      {open === 'credit' && <CreditNoteDialog invoice={invoice} onClose={onClose} />}
      {open === 'void' && <VoidInvoiceDialog invoice={invoice} onClose={onClose} />}
    </>
  );
}

function Payments({ invoice }: { readonly invoice: PartnerInvoice }): ReactNode {
  const { left, currency, dunning, payments } = invoice;
  return (
    <Section title="Payments">
      <p>
        {left > 0
          ? `${formatMoney(left, currency)} left to pay`
          : left < 0
            ? `${formatMoney(-left, currency)} were paid too much`
            : 'Nothing is left to pay'}
      </p>
      {dunning !== null && left > 0 && (
        <p className="mt-2 text-warn">
          ▲ Failing since <Moment at={dunning.started_at} />
          {dunning.failure_code !== null && `: ${dunning.failure_code.replaceAll('_', ' ')}`}.
          {dunning.next_at !== null && (
            <>
              {' '}
              Next step <Moment at={dunning.next_at} relative />.
            </>
          )}
        </p>
      )}
      {payments.length > 0 && (
        <ul className="mt-3 flex flex-col divide-y divide-line border-t border-line">
          {payments.map((payment) => (
            <PaymentItem key={payment.id} payment={payment} />
          ))}
        </ul>
      )}
    </Section>
  );
}
