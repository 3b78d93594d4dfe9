import type { Spending } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { BUDGET_KEY } from './budget-words.ts';
import { Choice } from './choice.tsx';
import { fromMinor, toMinor } from './money-input.ts';

const LIMITS = [
  { value: 'amount', name: 'An amount', text: 'What the calls above the included ones may cost in a month.' },
  { value: 'included', name: 'The included calls', text: 'Only what the plan includes.' },
] as const;
const REACTIONS = [
  { value: 'overage', name: 'Tell me, and go on', text: 'Calls go on and are charged.' },
  {
    value: 'hard_stop',
    name: 'Stop the calls',
    text: 'Calls of your programs are refused until the month ends or you raise the budget. Tickets, billing and this console work on.',
  },
] as const;

interface BudgetForm {
  readonly limit: (typeof LIMITS)[number]['value'];
  readonly amount: string;
  readonly at_limit: (typeof REACTIONS)[number]['value'];
}

const schemaOf = (currency: string) =>
  z
    .object({
      limit: z.enum(['amount', 'included']),
      amount: z.string(),
      at_limit: z.enum(['overage', 'hard_stop']),
    })
    .check(
      z.refine(({ limit, amount }) => limit === 'included' || (toMinor(amount, currency) ?? 0) > 0, {
        message: 'Enter an amount above 0, such as 50',
        path: ['amount'],
      }),
    );

/** Sets how much the calls of a month may cost, and what happens then. */
export function BudgetDialog({
  spending: { currency, budget },
  onClose,
}: {
  readonly spending: Spending;
  readonly onClose: () => void;
}): ReactNode {
  const save = useAction({
    run: ({ limit, amount, at_limit }: BudgetForm) =>
      api.budgets.set({ amount: limit === 'included' ? null : toMinor(amount, currency), at_limit }),
    done: 'Budget set',
    refresh: [BUDGET_KEY],
    onDone: onClose,
  });
  const { register, submit, watch, failure, formState } = useApiForm<BudgetForm>({
    schema: schemaOf(currency),
    defaultValues: {
      limit: budget && budget.amount === null ? 'included' : 'amount',
      amount: budget?.amount ? fromMinor(budget.amount, currency) : '',
      at_limit: budget?.at_limit ?? 'overage',
    },
    onSubmit: (form) => save.mutateAsync(form),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog title={budget ? 'Change the budget' : 'Set a budget'} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Choice legend="Limit for a month" options={LIMITS} field={register('limit')} />
        {watch('limit') === 'amount' && (
          <TextField
            label={`Amount in ${currency}`}
            hint="Without the plan’s fee and without tax."
            inputMode="decimal"
            autoComplete="off"
            error={errors.amount?.message}
            {...register('amount')}
          />
        )}
        <Choice legend="When it is reached" options={REACTIONS} field={register('at_limit')} />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose} disabled={isSubmitting}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Save budget
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
