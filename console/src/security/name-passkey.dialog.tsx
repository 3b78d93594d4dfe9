import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { makePasskey, passkeyTrouble } from '../session/passkey.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { type PasskeyName, passkeyNameSchema } from './passkey-schema.ts';
import { type Passkey, SECOND_FACTORS_KEY } from './use-second-factors.ts';

interface NamePasskeyDialogProps {
  /** The passkey to rename. Without one the browser makes a new passkey. */
  readonly passkey?: Passkey;
  readonly onCodes?: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Adds a passkey under a name, or gives one another name. */
export function NamePasskeyDialog({ passkey, onCodes, onClose }: NamePasskeyDialogProps): ReactNode {
  const add = useAction({
    run: async (name: string) => {
      const { challenge, public_key } = await api.passkeys.begin();
      const made = await makePasskey(public_key).catch((error: unknown) => {
        throw passkeyTrouble(error);
      });
      return api.passkeys.register({ name, challenge, passkey: made as never });
    },
    done: 'Passkey added',
    refresh: [SECOND_FACTORS_KEY, ['session']],
    onDone: ({ recovery_codes: codes }) => {
      if (codes) onCodes?.(codes);
    },
  });
  const rename = useAction({
    run: (input: { id: string; name: string }) => api.passkeys.rename(input),
    done: 'Passkey renamed',
    refresh: [SECOND_FACTORS_KEY],
  });
  const { register, submit, failure, formState } = useApiForm<PasskeyName>({
    schema: passkeyNameSchema,
    defaultValues: { name: passkey?.name ?? '' },
    onSubmit: async ({ name }) => {
      if (passkey) await rename.mutateAsync({ id: passkey.id, name });
      else await add.mutateAsync(name);
      onClose();
    },
  });
  return (
    <Dialog title={passkey ? `Rename “${passkey.name}”` : 'Add a passkey'} onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint="Where it is kept: “Laptop”, “Telephone”, “Blue security key”."
          autoFocus
          error={formState.errors.name?.message}
          {...register('name')}
        />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={formState.isSubmitting}>
            {passkey ? 'Rename' : 'Continue'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
