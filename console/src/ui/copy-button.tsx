import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import { toastDone, toastFailed } from './toasts.tsx';

/** Copies a text that stands beside it. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const copy = async () => {
    if (await copyText(text)) toastDone(`${what} copied`);
    else toastFailed(`${what} was not copied`, new Error('The browser does not allow it; select the text.'));
  };
  return (
    <Button size="sm" icon={Copy} onClick={() => void copy()}>
      Copy
    </Button>
  );
}
