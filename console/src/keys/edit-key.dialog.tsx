import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import type { KeyScope } from '../session/may-do.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { usePreferences } from '../ui/preferences.ts';
import { formatMoment } from '../ui/times.ts';
import { KeyRules } from './key-rules.tsx';
import { type ChangedKey, editKeySchema, inputOf, limitFields } from './key-schemas.ts';
import { type KeyRow, keyState } from './key-state.ts';

/** Changes a key: within a second at every gateway. The end of a key that is being replaced cannot be moved. */
export function EditKeyDialog({
  apiKey,
  onClose,
}: {
  readonly apiKey: KeyRow;
  readonly onClose: () => void;
}): ReactNode {
  const zone = usePreferences((preferences) => preferences.zone);
  const { id, expires_at: end } = apiKey;
  const update = useAction({
    run: ({ name, ...rules }: ChangedKey) =>
      api.apiKeys.update({ id, name, ...inputOf(rules, apiKey.limits) }),
    done: 'Key changed',
    refresh: [['api-keys']],
    onDone: onClose,
  });
  const { register, submit, watch, failure, formState } = useApiForm<ChangedKey>({
    schema: editKeySchema,
    defaultValues: {
      name: apiKey.name,
      scope: apiKey.scopes === null ? 'all' : 'some',
      scopes: (apiKey.scopes ?? []) as KeyScope[],
      life: 'keep',
      allowed_networks: apiKey.allowed_networks.join('\n'),
      ...limitFields(apiKey.limits),
    },
    onSubmit: (values) => update.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  const isEnding = keyState(apiKey) === 'ending';
  return (
    <Dialog title={`Change “${apiKey.name}”`} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" autoFocus error={errors.name?.message} {...register('name')} />
        <KeyRules
          register={register}
          errors={errors}
          isLimited={watch('scope') === 'some'}
          end={end ? `As it is: ${formatMoment(new Date(end), zone, 'minute')}` : 'As it is: no end'}
        />
        {isEnding && <p className="text-sm text-faint">The key is being replaced, so that its end stays.</p>}
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
