import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { usePerson } from '../session/person.tsx';
import { SESSION_KEY } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { type NameChange, nameSchema } from './account-schemas.ts';

export function NameForm(): ReactNode {
  const { user } = usePerson();
  const save = useAction({
    run: (change: NameChange) => api.identity.update(change),
    done: 'Name saved',
    refresh: [SESSION_KEY],
  });
  const { register, submit, failure, formState, reset } = useApiForm<NameChange>({
    schema: nameSchema,
    defaultValues: { name: user?.name ?? '' },
    onSubmit: async (change) => {
      await save.mutateAsync(change);
      reset(change);
    },
  });
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label="Your name"
        autoComplete="name"
        error={formState.errors.name?.message}
        {...register('name')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <div>
        <Button type="submit" busy={formState.isSubmitting} disabled={!formState.isDirty}>
          Save name
        </Button>
      </div>
    </form>
  );
}
