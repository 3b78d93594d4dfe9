import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { invitationSchema, type NewInvitation } from '../people/people-schemas.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { PLATFORM_ROLE_CHOICE, type PlatformRole } from './platform-roles.ts';

export function InvitePlatformPersonDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const invite = useAction({
    run: ({ email, role }: NewInvitation) =>
      api.admin.platformInvitations.create({ email, role: role as PlatformRole }),
    done: 'The invitation is on its way',
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<NewInvitation>({
    schema: invitationSchema,
    defaultValues: { email: '', role: 'platform_sre' },
    onSubmit: (input) => invite.mutateAsync(input),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog title="Invite a person to GridWorks" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Email"
          type="email"
          autoFocus
          hint="An address without an account: people of GridWorks belong to no partner."
          error={errors.email?.message}
          {...register('email')}
        />
        <SelectField label="Role" options={PLATFORM_ROLE_CHOICE} {...register('role')} />
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
