import type { ReactNode } from 'react';
import * as z from 'zod/mini';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';

const schema = z.object({
  reason: z
    .string()
    .check(z.trim(), z.minLength(3, 'Say why, in a few words'), z.maxLength(500, 'At most 500')),
});

/** Suspends a partner, or ends its suspension, with a reason. */
export function SuspendPartnerDialog({
  id,
  name,
  kind,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  readonly kind: 'suspend' | 'resume';
  readonly onClose: () => void;
}): ReactNode {
  const isSuspend = kind === 'suspend';
  const act = useAction({
    run: ({ reason }: z.infer<typeof schema>) => api.admin.partners[kind]({ id, reason }),
    done: isSuspend ? `${name} is suspended` : `${name} is resumed`,
    refresh: [['partners'], ['audit']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<z.infer<typeof schema>>({
    schema,
    defaultValues: { reason: '' },
    onSubmit: (values) => act.mutateAsync(values),
  });
  return (
    <Dialog
      title={isSuspend ? `Suspend ${name}` : `Resume ${name}`}
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={isSuspend ? 'danger' : 'primary'}
            busy={formState.isSubmitting}
            onClick={() => void submit()}
          >
            {isSuspend ? 'Suspend partner' : 'Resume partner'}
          </Button>
        </>
      }
    >
      <p className="text-muted">
        {isSuspend
          ? 'Its keys and sessions are refused within a second, and nobody of it can log in. Its data, its use so far and its invoices stay.'
          : 'Its keys and sessions are accepted again, unless they have ended otherwise.'}
      </p>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Reason"
          hint="Kept in the audit log, which the partner can read."
          error={formState.errors.reason?.message}
          {...register('reason')}
        />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
