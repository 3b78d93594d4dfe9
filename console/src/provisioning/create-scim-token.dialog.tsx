import { type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { ShownOnce } from '../keys/shown-once.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { type NewToken, newTokenSchema } from './provisioning-schemas.ts';

const LIVES = [
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '730', label: 'Two years' },
];

export function CreateScimTokenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAction({
    run: ({ name, days }: NewToken) => api.scimTokens.create({ name, expires_in_days: Number(days) }),
    refresh: [['scim-tokens']],
    onDone: ({ token }) => setSecret(token),
  });
  const { register, submit, failure, formState } = useApiForm<NewToken>({
    schema: newTokenSchema,
    defaultValues: { name: '', days: '365' },
    onSubmit: (values) => create.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  if (secret !== null)
    return (
      <ShownOnce
        title="SCIM token created"
        what="token"
        secret={secret}
        sample={sampleCall(secret)}
        onClose={onClose}
      />
    );
  return (
    <Dialog title="Create a SCIM token" onClose={onClose}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint="The directory that uses it: “Okta”, “Entra”."
          autoFocus
          error={errors.name?.message}
          {...register('name')}
        />
        <SelectField
          label="It ends after"
          hint="Make the next one before that: two may be valid at a time."
          options={LIVES}
          {...register('days')}
        />
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Create token
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const sampleCall = (token: string) => ({
  label: 'Try it',
  text: `curl ${location.origin}/scim/v2/ServiceProviderConfig -H "authorization: Bearer ${token}"`,
});
