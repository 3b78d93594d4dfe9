import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { FormDialog } from '../forms/form.dialog.tsx';
import { go } from '../navigation/navigation.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { amountField, toMajor, toMinor } from './money-field.ts';
import type { PartnerInvoice } from './partner-invoice.page.tsx';

interface Props {
  readonly invoice: PartnerInvoice;
  readonly onClose: () => void;
}
const reason = z
  .string()
  .check(z.trim(), z.minLength(3, 'Say why, in a few words'), z.maxLength(500, 'At most 500 characters'));
const REFRESH = [['invoices'], ['revenue']] as const;

/** Gives an invoice back, as a whole or in part, by a credit note. */
export function CreditNoteDialog({ invoice, onClose }: Props): ReactNode {
  const { id, number, net, total, currency, tax } = invoice;
  const most = tax.inclusive ? total : net;
  const schema = z
    .object({ reason, what: z.enum(['all', 'part']), description: z.string(), amount: z.string() })
    .check(
      z.refine(({ what, description }) => what === 'all' || description.trim() !== '', {
        path: ['description'],
        error: 'What is given back',
      }),
      z.refine(
        ({ what, amount }) => what === 'all' || amountField(currency, most).safeParse(amount).success,
        {
          path: ['amount'],
          error: `More than nothing, at most ${toMajor(most, currency)}`,
        },
      ),
    );
  return (
    <FormDialog
      title={`Credit note for ${number ?? 'the invoice'}`}
      action="Issue credit note"
      schema={schema}
      defaultValues={{ reason: '', what: 'all' as const, description: '', amount: '' }}
      run={({ reason: why, what, description, amount }) =>
        api.admin.invoices.credit({
          ...{ id, reason: why },
          ...(what === 'part' ? { lines: [{ description, amount: toMinor(amount, currency) ?? 0 }] } : {}),
        })
      }
      done="Credit note issued"
      refresh={REFRESH}
      onDone={(note) => go(`/admin/billing/invoices/${note.id}`)}
      onClose={onClose}
    >
      {({ register, watch, formState: { errors } }) => (
        <>
          <p className="text-muted">
            It gets a number of its own, and the partner gets it by the API and the console. What is not paid
            yet is not asked for any more; what was paid can be refunded.
          </p>
          <SelectField
            label="Give back"
            options={[
              { value: 'all', label: `All lines, ${formatMoney(total, currency)} with tax` },
              { value: 'part', label: 'A part' },
            ]}
            {...register('what')}
          />
          {watch('what') === 'part' && (
            <>
              <TextField label="For what" error={errors.description?.message} {...register('description')} />
              <TextField
                label={`Amount in ${currency}, ${tax.inclusive ? 'with' : 'without'} tax`}
                inputMode="decimal"
                error={errors.amount?.message}
                {...register('amount')}
              />
            </>
          )}
          <TextField
            label="Reason"
            hint="Printed on the credit note."
            error={errors.reason?.message}
            {...register('reason')}
          />
        </>
      )}
    </FormDialog>
  );
}

/** Takes an invoice back that nobody has paid. */
export function VoidInvoiceDialog({ invoice: { id, number }, onClose }: Props): ReactNode {
  return (
    <FormDialog
      danger
      title={`Void ${number ?? 'the invoice'}`}
      action="Void invoice"
      schema={z.object({ reason })}
      defaultValues={{ reason: '' }}
      run={({ reason: why }) => api.admin.invoices.void({ id, reason: why })}
      done={`${number ?? 'The invoice'} is void`}
      refresh={REFRESH}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <p className="text-muted">
            It keeps its number and is not to be paid. What it charged goes on the next invoice. To waive it,
            issue a credit note instead.
          </p>
          <TextField
            label="Reason"
            hint="Kept in the audit log, which the partner can read."
            error={errors.reason?.message}
            {...register('reason')}
          />
        </>
      )}
    </FormDialog>
  );
}
