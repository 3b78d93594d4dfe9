import { type ChangeEvent, type ReactNode, useState } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, SelectField, TextArea, TextField } from '../ui/field.tsx';
import { DEFAULT_ROLES } from './default-roles.ts';
import {
  certificatesOf,
  readMetadata,
  type SamlConnection,
  SSO_KEY,
  samlConnectionSchema,
} from './sso-schemas.ts';

/** Adds a connection of SAML. The metadata of the provider fills the form in; it is read in the browser. */
export function AddSaml(): ReactNode {
  const [isUnreadable, setUnreadable] = useState(false);
  const add = useAction({
    run: ({ name, default_role, certificates, ...saml }: SamlConnection) =>
      api.ssoConnections.create({
        ...{ kind: 'saml', name, default_role },
        saml: { ...saml, certificates: certificatesOf(certificates) },
      }),
    done: 'Connection added: give your provider its addresses, then test it',
    refresh: [SSO_KEY],
    onDone: () => reset(),
  });
  const { register, reset, setValue, submit, failure, formState } = useApiForm<SamlConnection>({
    schema: samlConnectionSchema,
    defaultValues: { name: '', entity_id: '', entry_point: '', certificates: '', default_role: 'viewer' },
    onSubmit: (input) => add.mutateAsync(input),
  });
  const { errors, isSubmitting } = formState;
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (!file) return;
    const found = readMetadata(await file.text());
    setUnreadable(found === null);
    if (!found) return;
    for (const name of ['entity_id', 'entry_point', 'certificates'] as const)
      setValue(name, found[name], { shouldValidate: true });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted">
        The metadata of your identity provider fills this in. What the provider must know of the portal is
        shown with the connection once it is added.
      </p>
      <Field
        label="Metadata of the provider"
        hint="An XML file"
        error={isUnreadable ? 'This is not the metadata of a SAML identity provider' : undefined}
      >
        {(field) => (
          <input
            {...field}
            type="file"
            accept=".xml,text/xml,application/xml"
            onChange={read}
            className="text-sm file:me-3 file:rounded-2 file:border file:border-line-strong file:bg-surface file:px-3 file:py-1.5 file:text-text"
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          hint="As your people know it"
          error={errors.name?.message}
          {...register('name')}
        />
        <SelectField
          label="Role of new people"
          options={DEFAULT_ROLES}
          error={errors.default_role?.message}
          {...register('default_role')}
        />
        <TextField
          label="Entity id"
          autoComplete="off"
          spellCheck={false}
          error={errors.entity_id?.message}
          {...register('entity_id')}
        />
        <TextField
          label="Log-in address"
          type="url"
          hint="Of the binding HTTP-Redirect"
          autoComplete="off"
          error={errors.entry_point?.message}
          {...register('entry_point')}
        />
      </div>
      <TextArea
        label="Certificates"
        hint="In PEM. Two, while your provider changes from one to another"
        rows={6}
        spellCheck={false}
        error={errors.certificates?.message}
        {...register('certificates')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={isSubmitting} className="self-start">
        Add connection
      </Button>
    </form>
  );
}
