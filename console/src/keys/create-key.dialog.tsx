import { type ReactNode, useState } from 'react';
import type { FieldErrors, UseFormRegister } from 'react-hook-form';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { KeyRules } from './key-rules.tsx';
import { type ChangedKey, createKeySchema, inputOf, limitFields, type NewKey } from './key-schemas.ts';
import { ShownOnce } from './shown-once.tsx';

const MODES = [
  { value: 'test', label: 'Test: free, for trying out' },
  { value: 'live', label: 'Live: counts against your plan' },
];

export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAction({
    run: ({ name, mode, ...rules }: NewKey) => api.apiKeys.create({ name, mode, ...inputOf(rules) }),
    refresh: [['api-keys'], ['onboarding']],
    onDone: ({ key }) => setSecret(key),
  });
  const { register, submit, watch, failure, formState } = useApiForm<NewKey>({
    schema: createKeySchema,
    defaultValues: {
      ...{ name: '', mode: 'test', scope: 'all', scopes: [], life: 'none', allowed_networks: '' },
      ...limitFields([]),
    },
    onSubmit: (values) => create.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  if (secret !== null) return <ShownOnce title="Key created" secret={secret} onClose={onClose} />;
  return (
    <Dialog title="Create an API key" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint="Where it is used: “Billing job”, “Staging”."
          autoFocus
          error={errors.name?.message}
          {...register('name')}
        />
        <SelectField label="Mode" options={MODES} error={errors.mode?.message} {...register('mode')} />
        <KeyRules
          register={register as unknown as UseFormRegister<ChangedKey>}
          errors={errors as FieldErrors<ChangedKey>}
          isLimited={watch('scope') === 'some'}
        />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Create key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
