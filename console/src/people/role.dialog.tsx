import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { mayDo, type Permission } from '../session/may-do.ts';
import { usePerson } from '../session/person.tsx';
import { SESSION_KEY } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { type NewRole, roleSchema } from './people-schemas.ts';
import { permissionWords } from './permission-words.ts';
import type { RoleRow } from './roles.page.tsx';

type Input = Parameters<typeof api.roles.create>[0];

interface RoleDialogProps {
  /** Null for a new role. */
  readonly role: RoleRow | null;
  readonly grantable: readonly string[];
  readonly onClose: () => void;
}

export function RoleDialog({ role, grantable, onClose }: RoleDialogProps): ReactNode {
  const person = usePerson();
  const save = useAction({
    run: (values: NewRole) => {
      const input = values as Input;
      return role ? api.roles.update({ id: role.id, ...input }) : api.roles.create(input);
    },
    done: role ? 'Role changed' : 'Role created',
    refresh: [['roles'], ['members'], SESSION_KEY],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm<NewRole>({
    schema: roleSchema,
    defaultValues: { name: role?.name ?? '', permissions: [...(role?.permissions ?? [])] },
    onSubmit: (values) => save.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog title={role ? `Edit “${role.name}”` : 'Create a role'} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" autoFocus error={errors.name?.message} {...register('name')} />
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-medium">May</legend>
          {grantable.map((permission) => (
            <label key={permission} className="flex items-center gap-2.5 py-1 max-sm:py-2">
              <input
                type="checkbox"
                value={permission}
                className="size-4 accent-accent"
                disabled={!mayDo(person, permission as Permission)}
                {...register('permissions')}
              />
              {permissionWords(permission)}
            </label>
          ))}
          {errors.permissions && (
            <p role="alert" className="text-sm text-fail">
              {errors.permissions.message}
            </p>
          )}
        </fieldset>
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            {role ? 'Save' : 'Create role'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
