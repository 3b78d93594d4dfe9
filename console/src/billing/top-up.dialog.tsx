import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { go } from '../navigation/navigation.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/panel.tsx';
import { CREDITS_KEY } from './credit-panel.tsx';
import { toMinor } from './money-input.ts';
import { SUBSCRIPTION_KEY } from './subscription-panel.tsx';

/** Orders credit: the invoice is paid as any other. */
export function TopUpDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const subscription = useQuery({ queryKey: SUBSCRIPTION_KEY, queryFn: () => api.subscriptions.get() });
  return (
    <Dialog title="Top up credit" onClose={onClose}>
      <Loaded query={subscription} lines={4}>
        {({ currency }) => <Form currency={currency} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

function Form({ currency, onClose }: { readonly currency: string; readonly onClose: () => void }): ReactNode {
  const order = useAction({
    run: ({ amount }: { amount: string }) => api.topUps.create({ amount: toMinor(amount, currency) ?? 0 }),
    done: 'The invoice is made: the credit is there when it is paid',
    refresh: [CREDITS_KEY, ['invoices']],
    onDone: ({ invoice_id }) => go(`/billing/invoices/${invoice_id}`),
  });
  const { register, submit, failure, formState } = useApiForm<{ amount: string }>({
    schema: z.object({
      amount: z.string().check(
        z.refine((typed) => {
          const minor = toMinor(typed, currency);
          return minor !== null && minor >= 100 && minor <= 1e9;
        }, 'Enter an amount, such as 100'),
      ),
    }),
    defaultValues: { amount: '' },
    onSubmit: (form) => order.mutateAsync(form),
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label={`Amount in ${currency}`}
        hint="It pays your invoices with their tax, so nothing is added here."
        inputMode="decimal"
        autoComplete="off"
        autoFocus
        error={errors.amount?.message}
        {...register('amount')}
      />
      <p className="text-sm text-muted">
        You get an invoice for it, charged to your payment method, else paid by bank transfer. Credit that you
        have bought does not expire.
      </p>
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose} disabled={isSubmitting}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" busy={isSubmitting}>
          Order credit
        </Button>
      </div>
    </form>
  );
}
