import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { Link, useParam } from '../navigation/navigation.tsx';
import { buttonClass } from '../ui/button.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { Loaded } from '../ui/panel.tsx';
import { InvoicePayments } from './invoice-payments.tsx';
import { InvoiceView } from './invoice-view.tsx';
import { INVOICE_TYPES } from './invoice-words.ts';
import { pdfOf } from './invoices-table.tsx';

export default function InvoicePage(): ReactNode {
  const id = useParam('id');
  const invoice = useQuery({
    queryKey: ['invoices', 'one', id],
    queryFn: () => api.invoices.get({ id }),
  });
  return (
    <>
      <PageHeader
        title={invoice.data ? `${INVOICE_TYPES[invoice.data.type]} ${invoice.data.number ?? ''}` : 'Invoice'}
        back={
          <Link to="/billing/invoices" className="link">
            Invoices
          </Link>
        }
        actions={
          invoice.data && (
            <a
              href={pdfOf(id)}
              download={`${invoice.data.number ?? id}.pdf`}
              className={buttonClass('secondary')}
            >
              <Download aria-hidden size={14} />
              Download PDF
            </a>
          )
        }
      />
      <Loaded query={invoice} lines={10}>
        {(data) => (
          <InvoiceView invoice={data} addressOf={(other) => `/billing/invoices/${other}`}>
            {data.status === 'finalized' && data.type === 'invoice' && <InvoicePayments invoice={data} />}
          </InvoiceView>
        )}
      </Loaded>
    </>
  );
}
