import type { ReactNode } from 'react';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { invitationSchema, type NewInvitation } from './people-schemas.ts';

interface InviteDialogProps {
  readonly title: string;
  readonly hint: string;
  /** The roles to choose from, and the one that is chosen at first. */
  readonly roles: readonly { readonly value: string; readonly label: string }[];
  readonly first: string;
  readonly onSend: (invitation: NewInvitation) => Promise<unknown>;
  readonly onClose: () => void;
}

/** An address and a role: for a partner, and for GridWorks. */
export function InviteDialog({ title, hint, roles, first, onSend, onClose }: InviteDialogProps): ReactNode {
  const invite = useAction({
    run: onSend,
    done: 'The invitation is on its way',
    refresh: [['invitations']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<NewInvitation>({
    schema: invitationSchema,
    defaultValues: { email: '', role: first },
    onSubmit: (input) => invite.mutateAsync(input),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog title={title} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Email"
          type="email"
          autoFocus
          hint={hint}
          error={errors.email?.message}
          {...register('email')}
        />
        {roles.length > 0 && (
          <SelectField label="Role" options={roles} error={errors.role?.message} {...register('role')} />
        )}
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Send invitation
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
