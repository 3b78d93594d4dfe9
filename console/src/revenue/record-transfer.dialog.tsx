import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { FormDialog } from '../forms/form.dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { formatMoney } from '../ui/numbers.ts';
import { amountField, toMajor, toMinor } from './money-field.ts';
import type { PartnerInvoice } from './partner-invoice.page.tsx';

const MOST = 1e12;

/** Records money that arrived at the bank for an invoice. */
export function RecordTransferDialog({
  invoice: { id, number, left, currency },
  onClose,
}: {
  readonly invoice: PartnerInvoice;
  readonly onClose: () => void;
}): ReactNode {
  const schema = z.object({
    amount: amountField(currency, MOST),
    reference: z
      .string()
      .check(z.trim(), z.minLength(1, 'What the bank calls it'), z.maxLength(140, 'At most 140 characters')),
  });
  return (
    <FormDialog
      title={`Transfer for ${number ?? 'the invoice'}`}
      action="Record transfer"
      schema={schema}
      defaultValues={{ amount: toMajor(left, currency), reference: '' }}
      run={({ amount, reference }) =>
        api.admin.transfers.record({ id, amount: toMinor(amount, currency) ?? 0, currency, reference })
      }
      done="Transfer recorded"
      refresh={[['invoices'], ['revenue']]}
      onClose={onClose}
    >
      {({ register, formState: { errors } }) => (
        <>
          <p className="text-muted">
            {formatMoney(left, currency)} are left to pay. A part of it, or more, can be recorded, too.
          </p>
          <TextField
            label={`Amount in ${currency}`}
            inputMode="decimal"
            autoComplete="off"
            error={errors.amount?.message}
            {...register('amount')}
          />
          <TextField
            label="Reference"
            hint="What the bank statement calls the transfer. The same one is recorded once."
            autoComplete="off"
            error={errors.reference?.message}
            {...register('reference')}
          />
        </>
      )}
    </FormDialog>
  );
}
