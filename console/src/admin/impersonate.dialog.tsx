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

/** Begins to act in the name of a partner. The page is loaded anew, since everything in it belongs to another session. */
export function ImpersonateDialog({
  id,
  name,
  onClose,
}: {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}): ReactNode {
  const act = useAction({
    run: ({ reason }: z.infer<typeof schema>) => api.admin.impersonations.start({ partner_id: id, reason }),
    onDone: () => location.assign('/home'),
  });
  const { register, submit, failure, formState } = useApiForm<z.infer<typeof schema>>({
    schema,
    defaultValues: { reason: '' },
    onSubmit: (values) => act.mutateAsync(values),
  });
  return (
    <Dialog
      title={`Act in the name of ${name}`}
      onClose={onClose}
      closable={!formState.isSubmitting}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={formState.isSubmitting} onClick={() => void submit()}>
            Impersonate
          </Button>
        </>
      }
    >
      <p className="text-muted">
        Works only after an owner of the partner has granted support access. It ends after an hour. The
        partner sees your reason and every call that you make.
      </p>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Reason" error={formState.errors.reason?.message} {...register('reason')} />
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  );
}
