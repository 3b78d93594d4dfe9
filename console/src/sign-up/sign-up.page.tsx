import { type ReactNode, useEffect } from 'react';
import { api } from '../api/portal.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { go, Link } from '../navigation/navigation.tsx';
import { ProviderButtons } from '../session/provider-buttons.tsx';
import { logIn, useSession } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { PasswordStrength } from './password-strength-bar.tsx';
import { signUpSchema } from './sign-up-schema.ts';

export default function SignUpPage(): ReactNode {
  const { data: session } = useSession();
  useEffect(() => {
    if (session) go('/home', { replace: true });
  }, [session]);
  const { register, submit, failure, formState, watch } = useApiForm({
    schema: signUpSchema,
    defaultValues: { name: '', email: '', password: '' },
    onSubmit: async (values) => {
      await api.partners.register(values);
      await logIn(values.email, values.password);
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Sign up</h1>
        <p className="mt-1 text-muted">Free, and no card. Your first call is three minutes away.</p>
      </div>
      <TextField
        label="Company"
        autoComplete="organization"
        autoFocus
        error={errors.name?.message}
        {...register('name')}
      />
      <TextField
        label="Email"
        type="email"
        autoComplete="email"
        error={errors.email?.message}
        {...register('email')}
      />
      <div className="flex flex-col gap-1.5">
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          error={errors.password?.message}
          {...register('password')}
        />
        <PasswordStrength password={watch('password')} />
      </div>
      {failure !== null && <ErrorNote error={failure} />}
      <Button type="submit" variant="primary" busy={isSubmitting} className="h-9">
        Create account
      </Button>
      <ProviderButtons returnTo={undefined} />
      <p className="text-muted">
        You have an account?{' '}
        <Link to="/login" className="link">
          Log in
        </Link>
      </p>
    </form>
  );
}
