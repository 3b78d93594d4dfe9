import { type ReactNode, useState } from 'react';
import { type Api, api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { ScopeChoice } from '../keys/scope-choice.tsx';
import { ShownOnce } from '../keys/shown-once.tsx';
import { KEY_SCOPES } from '../session/may-do.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import { toastDone } from '../ui/toasts.tsx';
import { createApplicationSchema, inputOf, type NewApplication } from './application-schema.ts';
import { type ApplicationKind, KIND_WORDS, tokenCommand } from './application-state.ts';

type Made = Awaited<ReturnType<Api['applications']['create']>>;

export function CreateApplicationDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [made, setMade] = useState<Made | null>(null);
  const create = useAction({
    run: (values: NewApplication) => api.applications.create(inputOf(values)),
    refresh: [['applications']],
    onDone: (application) => {
      if (application.client_secret !== null) return setMade(application);
      toastDone(`“${application.name}” is made; its client id is ${application.id}`);
      onClose();
    },
  });
  const { register, submit, watch, failure, formState } = useApiForm<NewApplication>({
    schema: createApplicationSchema,
    defaultValues: { name: '', kind: 'service', scopes: [], redirect_uris: '' },
    onSubmit: (values) => create.mutateAsync(values),
  });
  const { errors, isSubmitting } = formState;
  const kind = watch('kind');
  if (made?.client_secret)
    return <SecretShown application={made} secret={made.client_secret} title="Made" onClose={onClose} />;
  return (
    <Dialog title="New application" onClose={onClose} wide>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Name"
          hint={kind === 'service' ? 'Where it runs: “Nightly import”.' : 'The people who are asked see it.'}
          autoFocus
          error={errors.name?.message}
          {...register('name')}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">Kind</legend>
          {Object.entries(KIND_WORDS).map(([value, { name, text }]) => (
            <label key={value} className="flex items-start gap-2">
              <input
                type="radio"
                value={value}
                className="mt-0.5 size-4 shrink-0 accent-(--accent)"
                {...register('kind')}
              />
              <span>
                {name}
                <span className="block text-sm text-faint">{text}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">May do, at most</legend>
          <ScopeChoice
            scopes={KEY_SCOPES.filter((scope) => kind === 'service' || scope !== 'identity:read')}
            field={register('scopes')}
          />
          {errors.scopes?.message && (
            <p role="alert" className="text-sm text-fail">
              {errors.scopes.message}
            </p>
          )}
        </fieldset>
        {kind !== 'service' && (
          <TextArea
            label="Redirect URIs"
            hint={REDIRECT_HINTS[kind]}
            rows={3}
            spellCheck={false}
            error={errors.redirect_uris?.message}
            {...register('redirect_uris')}
          />
        )}
        {failure !== null && <ErrorNote error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const REDIRECT_HINTS: Readonly<Record<Exclude<ApplicationKind, 'service'>, string>> = {
  web: 'Where people are sent back to, one a line: https, compared character by character.',
  native:
    'One a line: http://127.0.0.1/callback (any port), https, or a scheme such as com.example.app:/callback.',
};

interface SecretShownProps {
  readonly application: { readonly id: string; readonly name: string; readonly kind: ApplicationKind };
  readonly secret: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Shows a new secret once, with what to do with it. */
export function SecretShown({ application, secret, title, onClose, children }: SecretShownProps): ReactNode {
  const { id, name, kind } = application;
  return (
    <ShownOnce
      title={`${title}: “${name}”`}
      what="secret"
      secret={secret}
      sample={
        kind === 'service'
          ? { label: 'Get a token', text: tokenCommand(id, secret) }
          : { label: 'Its client id', text: id }
      }
      onClose={onClose}
    >
      {children}
    </ShownOnce>
  );
}
