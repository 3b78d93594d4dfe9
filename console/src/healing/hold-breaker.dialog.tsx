import type { Breaker } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';

const schema = z.object({
  mode: z.enum(['auto', 'open', 'closed']),
  reason: z.string().check(z.trim(), z.minLength(3, 'Say why, in a few words')),
});
const MODES = [
  { value: 'open', label: 'Hold open: no call gets through' },
  { value: 'closed', label: 'Hold closed: every call gets through' },
  { value: 'auto', label: 'Automatic: it decides by failures' },
];

/** Holds a breaker open or closed, or releases it. */
export function HoldBreakerDialog({
  breaker,
  onClose,
}: {
  readonly breaker: Breaker;
  readonly onClose: () => void;
}): ReactNode {
  const { instance, breaker: name } = breaker;
  const set = useAction({
    run: (values: z.infer<typeof schema>) => api.admin.breakers.set({ instance, breaker: name, ...values }),
    done: `Breaker ${name} of ${instance} is set`,
    refresh: [['breakers']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<z.infer<typeof schema>>({
    schema,
    defaultValues: { mode: breaker.mode === 'auto' ? 'open' : 'auto', reason: '' },
    onSubmit: (values) => set.mutateAsync(values),
  });
  return (
    <Dialog
      title={`Breaker ${name} of ${instance}`}
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={formState.isSubmitting} onClick={() => void submit()}>
            Set breaker
          </Button>
        </>
      }
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <SelectField label="Mode" options={MODES} {...register('mode')} />
        <TextField label="Reason" error={formState.errors.reason?.message} {...register('reason')} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
