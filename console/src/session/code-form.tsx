import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { readRecoveryCode, readTotpCode } from './read-code.ts';

interface CodeFormProps {
  /** `totp`: six digits of an authenticator app. */
  readonly kind: 'totp' | 'recovery';
  readonly busy: boolean;
  /** Gets the code without spaces, in the form of the API. */
  readonly onCode: (code: string) => void;
  /** The verb of the button. */
  readonly action?: string;
}

const TEXTS = {
  totp: {
    label: 'Code',
    hint: 'The six digits that your authenticator app shows now.',
    wrong: 'Enter the six digits',
  },
  recovery: {
    label: 'Recovery code',
    hint: 'One of the ten codes that you stored. Each counts once.',
    wrong: 'Enter sixteen characters, such as 7k2m-9xqd-h4tw-c8rv',
  },
} as const;

/** A field for one code. */
export function CodeForm({ kind, busy, onCode, action = 'Confirm' }: CodeFormProps): ReactNode {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>();
  const { label, hint, wrong } = TEXTS[kind];
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        const code = kind === 'totp' ? readTotpCode(text) : readRecoveryCode(text);
        setError(code === null ? wrong : undefined);
        if (code !== null) onCode(code);
      }}
    >
      <TextField
        label={label}
        hint={hint}
        error={error}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
      />
      <Button type="submit" variant="primary" busy={busy} className="h-9">
        {action}
      </Button>
    </form>
  );
}
