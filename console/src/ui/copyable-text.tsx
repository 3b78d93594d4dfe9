import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { copyText } from './copy-text.ts';
import { toastDone, toastFailed } from './toasts.tsx';

/** An id that can be selected, with a button that copies it. */
export function CopyableText({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const copy = async () => {
    if (await copyText(text)) toastDone(`${what} copied`);
    else toastFailed(`${what} was not copied`, new Error('The browser does not allow it; select the text.'));
  };
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="truncate text-xs" title={text}>
        {text}
      </code>
      <button
        type="button"
        aria-label={`Copy ${what.toLowerCase()}`}
        title={`Copy ${what.toLowerCase()}`}
        onClick={() => void copy()}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-1 text-faint hover:bg-hover hover:text-text"
      >
        <Copy aria-hidden size={12} />
      </button>
    </span>
  );
}
