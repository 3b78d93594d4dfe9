import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { CopyableText } from '../ui/copyable-text.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { DEFAULT_ROLES } from './default-roles.ts';
import { type OidcConnection, oidcConnectionSchema, SSO_KEY } from './sso-schemas.ts';

/** Adds a connection of OpenID Connect. */
export function AddOidc(): ReactNode {
  const add = useAction({
    run: ({ name, default_role, ...oidc }: OidcConnection) =>
      api.ssoConnections.create({ kind: 'oidc', name, default_role, oidc }),
    done: 'Connection added: test it now',
    refresh: [SSO_KEY],
    onDone: () => reset(),
  });
  const { register, reset, submit, failure, formState } = useApiForm<OidcConnection>({
    schema: oidcConnectionSchema,
    defaultValues: { name: '', issuer: '', client_id: '', client_secret: '', default_role: 'viewer' },
    onSubmit: (input) => add.mutateAsync(input),
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <div className="text-muted">
        Register the portal at your identity provider first, as a web application with the redirect address{' '}
        <CopyableText text={`${location.origin}/log-in/callback`} what="Redirect address" />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          hint="As your people know it"
          error={errors.name?.message}
          {...register('name')}
        />
        <TextField
          label="Issuer"
          type="url"
          placeholder="https://id.example.com"
          autoComplete="off"
          error={errors.issuer?.message}
          {...register('issuer')}
        />
        <TextField
          label="Client id"
          autoComplete="off"
          spellCheck={false}
          error={errors.client_id?.message}
          {...register('client_id')}
        />
        <TextField
          label="Client secret"
          type="password"
          autoComplete="off"
          hint="Stored sealed, and never shown again"
          error={errors.client_secret?.message}
          {...register('client_secret')}
        />
        <SelectField
          label="Role of new people"
          options={DEFAULT_ROLES}
          error={errors.default_role?.message}
          {...register('default_role')}
        />
      </div>
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={isSubmitting} className="self-start">
        Add connection
      </Button>
    </form>
  );
}
