import { type ReactNode, useState } from 'react';
import { portal } from '../api/portal.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { plural } from '../ui/numbers.ts';
import { LinkNote } from './link-note.tsx';
import { useLinkToken } from './link-token.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { newPasswordSchema } from './new-password-schema.ts';

/** Opened from the mail for a forgotten password. */
export default function ResetPasswordPage(): ReactNode {
  const token = useLinkToken();
  const [done, setDone] = useState<{ email: string; ended_sessions: number } | null>(null);
  const { register, submit, failure, formState, watch } = useApiForm({
    schema: newPasswordSchema,
    defaultValues: { new_password: '' },
    onSubmit: async ({ new_password }) =>
      setDone(await portal.passwords.reset({ token: token ?? '', new_password })),
  });
  if (token === null)
    return (
      <LinkNote title="This link does not work" next={{ to: '/forgot-password', text: 'Send another mail' }}>
        Open the whole link of the newest mail: an older one stops working.
      </LinkNote>
    );
  if (done)
    return (
      <LinkNote title="Your new password is set" next={{ to: '/login', text: 'Log in with it' }}>
        {done.email}
        {done.ended_sessions > 0 && `: ${plural(done.ended_sessions, 'session')} ended`}
      </LinkNote>
    );
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Choose a new password</h1>
        <p className="mt-1 text-muted">All your sessions end with it.</p>
      </div>
      <NewPasswordField
        password={watch('new_password')}
        error={formState.errors.new_password?.message}
        field={register('new_password')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={formState.isSubmitting} className="h-9">
        Set the password
      </Button>
    </form>
  );
}
