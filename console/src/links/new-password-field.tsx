import type { ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { PasswordStrength } from '../sign-up/password-strength-bar.tsx';
import { TextField } from '../ui/field.tsx';

interface NewPasswordFieldProps {
  readonly password: string;
  readonly error: string | undefined;
  readonly field: UseFormRegisterReturn;
}

/** A field for a new password, with a bar that shows its strength. */
export function NewPasswordField({ password, error, field }: NewPasswordFieldProps): ReactNode {
  return (
    <div className="flex flex-col gap-1.5">
      <TextField label="Password" type="password" autoComplete="new-password" error={error} {...field} />
      <PasswordStrength password={password} />
    </div>
  );
}
