import type { AutoTopUp } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { CREDITS_KEY } from './credit-panel.tsx';
import { fromMinor, toMinor } from './money-input.ts';

export const AUTO_TOP_UP_KEY = ['auto-top-up'] as const;

interface AutoTopUpForm {
  readonly is_on: boolean;
  readonly threshold: string;
  readonly amount: string;
  readonly monthly_limit: string;
}

const AMOUNT = 'Enter an amount, such as 100';

function schemaOf(currency: string) {
  const amount = (least: number) =>
    z.string().check(
      z.refine((typed) => {
        const minor = toMinor(typed, currency);
        return minor !== null && minor >= least && minor <= 1e9;
      }, AMOUNT),
    );
  return z
    .object({ is_on: z.boolean(), threshold: amount(0), amount: amount(100), monthly_limit: amount(100) })
    .check(
      z.refine(
        ({ amount: one, monthly_limit }) =>
          (toMinor(monthly_limit, currency) ?? 0) >= (toMinor(one, currency) ?? 0),
        { message: 'At least the amount of one top-up', path: ['monthly_limit'] },
      ),
    );
}

export function AutoTopUpDialog({
  setting,
  onClose,
}: {
  readonly setting: AutoTopUp;
  readonly onClose: () => void;
}): ReactNode {
  const { currency } = setting;
  const minor = (typed: string) => toMinor(typed, currency) ?? 0;
  const save = useAction({
    run: ({ is_on, threshold, amount, monthly_limit }: AutoTopUpForm) =>
      api.autoTopUps.set({
        ...{ is_on, threshold: minor(threshold), amount: minor(amount) },
        monthly_limit: minor(monthly_limit),
      }),
    done: 'Automatic top-up saved',
    refresh: [AUTO_TOP_UP_KEY, CREDITS_KEY],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<AutoTopUpForm>({
    schema: schemaOf(currency),
    defaultValues: {
      ...{ is_on: true, threshold: fromMinor(setting.threshold, currency) },
      ...{
        amount: fromMinor(setting.amount, currency),
        monthly_limit: fromMinor(setting.monthly_limit, currency),
      },
    },
    onSubmit: (form) => save.mutateAsync(form),
  });
  const { errors, isSubmitting } = formState;
  const field = (name: 'threshold' | 'amount' | 'monthly_limit') => ({
    ...{ inputMode: 'decimal' as const, autoComplete: 'off', error: errors[name]?.message },
    ...register(name),
  });
  return (
    <Dialog title="Automatic top-up" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <label className="flex items-center gap-2">
          <input type="checkbox" className="size-4 accent-(--accent)" {...register('is_on')} />
          Order credit by itself when the balance is low
        </label>
        <TextField
          label={`When less than this is left (${currency})`}
          hint="Where nothing is ordered, you get a mail."
          {...field('threshold')}
        />
        <TextField label={`Order (${currency})`} {...field('amount')} />
        <TextField
          label={`In a month at most (${currency})`}
          hint="All automatic top-ups of a calendar month together."
          {...field('monthly_limit')}
        />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose} disabled={isSubmitting}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
