import { Check, Copy } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';

interface CopySecretProps {
  readonly label: string;
  readonly secret: string;
  /** Called after the text was copied. */
  readonly onCopied?: () => void;
}

/** A text to copy: selectable, with a button that copies it and shows the outcome. */
export function CopySecret({ label, secret, onCopied }: CopySecretProps): ReactNode {
  const [result, setResult] = useState<'none' | 'copied' | 'refused'>('none');
  const output = useRef<HTMLElement>(null);
  const copy = async () => {
    const done = await copyText(secret);
    setResult(done ? 'copied' : 'refused');
    if (done) onCopied?.();
    else if (output.current) getSelection()?.selectAllChildren(output.current);
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label}</span>
      <div className="flex items-stretch gap-2">
        <code
          ref={output}
          className="min-w-0 flex-1 rounded-2 border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm break-all select-all"
        >
          {secret}
        </code>
        <Button icon={result === 'copied' ? Check : Copy} onClick={copy}>
          {result === 'copied' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p role="status" className="min-h-5 text-sm text-muted">
        {result === 'copied' && 'It is on your clipboard.'}
        {result === 'refused' && 'The browser does not let us copy. It is selected: press Ctrl+C or Cmd+C.'}
      </p>
    </div>
  );
}
