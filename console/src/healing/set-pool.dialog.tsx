import type { Pool } from '@gridworks/sdk';
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
  mode: z.enum(['auto', 'off']),
  size: z.coerce.number().check(z.int('A whole number'), z.gte(1, 'At least 1'), z.lte(500, 'At most 500')),
  reason: z.string().check(z.trim(), z.minLength(3, 'Say why, in a few words')),
});
const MODES = [
  { value: 'auto', label: 'Automatic: critical requests come first' },
  { value: 'off', label: 'Off: all requests in the order in which they come' },
];

/** Sets the size of a pool and how it is operated, until its instance ends. */
export function SetPoolDialog({
  pool,
  onClose,
}: {
  readonly pool: Pool;
  readonly onClose: () => void;
}): ReactNode {
  const { instance } = pool;
  const set = useAction({
    run: (values: z.infer<typeof schema>) => api.admin.pools.set({ instance, ...values }),
    done: `The pool of ${instance} is set`,
    refresh: [['pools']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<z.infer<typeof schema>>({
    schema,
    defaultValues: { mode: pool.mode, size: pool.max, reason: '' },
    onSubmit: (values) => set.mutateAsync(values),
  });
  return (
    <Dialog
      title={`Connections of ${instance}`}
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={formState.isSubmitting} onClick={() => void submit()}>
            Set pool
          </Button>
        </>
      }
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <SelectField label="Mode" options={MODES} {...register('mode')} />
        <TextField
          label="Connections at most"
          inputMode="numeric"
          hint="Holds until the instance ends. PostgreSQL accepts 120 of all services together by default."
          error={formState.errors.size?.message}
          {...register('size')}
        />
        <TextField label="Reason" error={formState.errors.reason?.message} {...register('reason')} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
