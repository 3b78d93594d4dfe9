import type { ReactNode } from 'react';
import { api } from '../api/portal.ts';
import { useAction } from '../api/use-action.ts';
import { useApiForm } from '../forms/use-api-form.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { TextField } from '../ui/field.tsx';
import { plural } from '../ui/numbers.ts';
import { toastDone } from '../ui/toasts.tsx';
import { type PasswordChange, passwordSchema } from './account-schemas.ts';

const EMPTY: PasswordChange = { old_password: '', new_password: '' };

export function PasswordForm(): ReactNode {
  const change = useAction({
    run: (input: PasswordChange) => api.identity.changePassword(input),
    onDone: ({ ended_sessions }) =>
      toastDone(
        ended_sessions === 0
          ? 'Password changed'
          : `Password changed, ${plural(ended_sessions, 'other session')} ended`,
      ),
  });
  const { register, submit, failure, formState, reset } = useApiForm<PasswordChange>({
    schema: passwordSchema,
    defaultValues: EMPTY,
    onSubmit: async (input) => {
      await change.mutateAsync(input);
      reset(EMPTY);
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label="Password now"
        type="password"
        autoComplete="current-password"
        error={errors.old_password?.message}
        {...register('old_password')}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters. A long password is better than a complicated one."
        error={errors.new_password?.message}
        {...register('new_password')}
      />
      {failure !== null && <ErrorNote error={failure} />}
      <div>
        <Button type="submit" busy={isSubmitting}>
          Change password
        </Button>
        <p className="mt-2 text-sm text-faint">All your other sessions end with it.</p>
      </div>
    </form>
  );
}
