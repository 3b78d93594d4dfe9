import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { canUsePasskeys } from './passkey.ts';
import type { LogInChallenge } from './second-factor-form.tsx';
import { logIn } from './session.ts';

const PasskeyLogIn = lazy(() => import('./passkey-log-in.tsx'));
const SecondFactorForm = lazy(() => import('./second-factor-form.tsx'));
const RecoverForm = lazy(() => import('./recover-form.tsx'));

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
  const [challenge, setChallenge] = useState<LogInChallenge | null>(null);
  const [recovers, setRecovers] = useState(false);
  const { register, handleSubmit, formState, getValues } = useForm<Fields>({
    defaultValues: { email: email ?? '', password: '' },
  });
  const submit = handleSubmit(async (fields) => {
    setError(null);
    try {
      await logIn(fields.email.trim(), fields.password);
      onDone();
    } catch (reason) {
      const { challenge: demanded } = reason as { challenge?: LogInChallenge | null };
      if (demanded) setChallenge(demanded);
      else setError(reason);
    }
  });
  const { errors, isSubmitting } = formState;
  if (challenge)
    return (
      <Suspense>
        <SecondFactorForm challenge={challenge} onDone={onDone} onBack={() => setChallenge(null)} />
      </Suspense>
    );
  if (recovers)
    return (
      <Suspense>
        <RecoverForm email={getValues('email')} onDone={onDone} onBack={() => setRecovers(false)} />
      </Suspense>
    );
  return (
    <div className="flex flex-col gap-4">
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Email"
          type="email"
          autoComplete="username webauthn"
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
      {canUsePasskeys() && (
        <Suspense>
          <PasskeyLogIn onDone={onDone} />
        </Suspense>
      )}
      <button type="button" className="link self-start text-sm" onClick={() => setRecovers(true)}>
        Lost all passkeys?
      </button>
    </div>
  );
}
