import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { passwordStrength } from './password-strength.ts';

const FILLS = ['bg-fail-mark', 'bg-warn-mark', 'bg-pass-mark', 'bg-pass-mark'] as const;

/** How strong a new password is, as a bar and a word. */
export function PasswordStrength({ password }: { readonly password: string }): ReactNode {
  const { score, word } = passwordStrength(password);
  return (
    <div className="flex items-center gap-2 text-sm text-faint">
      <div aria-hidden className="flex flex-1 gap-1">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={cx('h-1 flex-1 rounded-full', score >= step ? FILLS[score] : 'bg-sunken')}
          />
        ))}
      </div>
      <span role="status" className="min-w-24 text-end">
        {password === '' ? 'At least 10 characters' : word}
      </span>
    </div>
  );
}
