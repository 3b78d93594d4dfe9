import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { invitationSchema, type NewInvitation } from './people-schemas.ts';
import { useRoleChoice } from './role-choice.ts';

type Given = Parameters<typeof api.invitations.create>[0]['role'];

export function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const choice = useRoleChoice();
  const invite = useAction({
    run: ({ email, role }: NewInvitation) => api.invitations.create({ email, role: role as Given }),
    done: 'The invitation is on its way',
    refresh: [['invitations']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<NewInvitation>({
    schema: invitationSchema,
    defaultValues: { email: '', role: 'developer' },
    onSubmit: (input) => invite.mutateAsync(input),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog title="Invite a person" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Email"
          type="email"
          autoFocus
          hint="The person gets a mail with a link that works for seven days."
          error={errors.email?.message}
          {...register('email')}
        />
        {choice.length > 0 && (
          <SelectField label="Role" options={choice} error={errors.role?.message} {...register('role')} />
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
