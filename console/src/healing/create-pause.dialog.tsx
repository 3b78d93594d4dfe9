import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';

const SCOPES = [
  'all',
  ...['gateway', 'auth', 'billing', 'support', 'monitor', 'healer'].map((name) => `service:${name}`),
  ...['postgres', 'nats', 'redis'].map((name) => `server:${name}`),
];
const LENGTHS = [
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '14400', label: '4 hours' },
];
const schema = z.object({
  scope: z.string(),
  seconds: z.string(),
  reason: z.string().check(z.trim(), z.minLength(3, 'Say why, in a few words')),
});

/** Stops the healer from acting on a scope for a time. A reason is required, since others will read it. */
export function CreatePauseDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const create = useAction({
    run: ({ scope, seconds, reason }: z.infer<typeof schema>) =>
      api.admin.pauses.create({ scope, reason, seconds: Number(seconds), effect: 'pause' }),
    done: 'Healing is paused',
    refresh: [['pauses']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm({
    schema,
    defaultValues: { scope: 'all', seconds: '600', reason: '' },
    onSubmit: (values) => create.mutateAsync(values),
  });
  return (
    <Dialog
      title="Pause healing"
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={formState.isSubmitting} onClick={() => void submit()}>
            Pause healing
          </Button>
        </>
      }
    >
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <SelectField
          label="Scope"
          hint="The healer goes on reporting, and does nothing about this."
          options={SCOPES.map((value) => ({ value, label: value === 'all' ? 'everything' : value }))}
          {...register('scope')}
        />
        <SelectField label="For" options={LENGTHS} {...register('seconds')} />
        <TextField label="Reason" error={formState.errors.reason?.message} {...register('reason')} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
