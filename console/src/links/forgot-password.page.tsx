import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';
import { portal } from '../api/portal.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Link } from '../navigation/navigation.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { LinkNote } from './link-note.tsx';

const schema = z.object({ email: z.string().check(z.trim(), z.email('Enter your email address')) });

export default function ForgotPasswordPage(): ReactNode {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { register, submit, failure, formState } = useApiForm({
    schema,
    defaultValues: { email: '' },
    onSubmit: async ({ email }) => {
      await portal.passwords.requestReset({ email });
      setSentTo(email);
    },
  });
  if (sentTo)
    return (
      <LinkNote title="Look into your mailbox" next={{ to: '/login', text: 'Back to the log-in' }}>
        When {sentTo} has an account, a mail with a link is on its way. The link works for an hour.
      </LinkNote>
    );
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Forgot your password?</h1>
        <p className="mt-1 text-muted">We send you a link to set another one.</p>
      </div>
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoFocus
        error={formState.errors.email?.message}
        {...register('email')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={formState.isSubmitting} className="h-9">
        Send the link
      </Button>
      <p className="text-muted">
        <Link to="/login" className="link">
          Back to the log-in
        </Link>
      </p>
    </form>
  );
}
