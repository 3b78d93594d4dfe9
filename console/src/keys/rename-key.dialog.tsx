import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { renameKeySchema } from './key-schemas.ts';
import type { KeyRow } from './key-state.ts';

export function RenameKeyDialog({
  apiKey,
  onClose,
}: {
  readonly apiKey: KeyRow;
  readonly onClose: () => void;
}): ReactNode {
  const rename = useAction({
    run: (name: string) => api.apiKeys.rename({ id: apiKey.id, name }),
    done: 'Key renamed',
    refresh: [['api-keys']],
    onDone: onClose,
  });
  const { register, submit, failure, formState } = useApiForm({
    schema: renameKeySchema,
    defaultValues: { name: apiKey.name },
    onSubmit: ({ name }) => rename.mutateAsync(name),
  });
  return (
    <Dialog title={`Rename “${apiKey.name}”`} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" autoFocus error={formState.errors.name?.message} {...register('name')} />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={formState.isSubmitting}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
