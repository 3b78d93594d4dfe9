import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { logIn } from './session.ts';

interface Fields {
  email: string;
  password: string;
}

interface LogInFormProps {
  /** The email address of the ended session, in the dialog over a page. */
  readonly email?: string | undefined;
  readonly onDone: () => void;
}

export function LogInForm({ email, onDone }: LogInFormProps): ReactNode {
  const [error, setError] = useState<unknown>(null);
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { email: email ?? '', password: '' },
  });
  const submit = handleSubmit(async (fields) => {
    setError(null);
    try {
      await logIn(fields.email.trim(), fields.password);
      onDone();
    } catch (reason) {
      setError(reason);
    }
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoFocus={!email}
        error={errors.email?.message}
        {...register('email', { required: 'Enter your email address' })}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        autoFocus={Boolean(email)}
        error={errors.password?.message}
        {...register('password', { required: 'Enter your password' })}
      />
      {error !== null && <ErrorNote error={error} />}
      <Button type="submit" variant="primary" busy={isSubmitting} className="h-9">
        Log in
      </Button>
    </form>
  );
}
