import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface CodeBlockProps {
  /** What it is, for people who do not see it: "Body of the response". */
  readonly label: string;
  readonly className?: string;
  readonly children: string;
}

/** Code or data over several lines. Long lines scroll inside of it, by the keyboard, too. */
export function CodeBlock({ label, className, children }: CodeBlockProps): ReactNode {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={cx('overflow-auto rounded-2 border border-line bg-sunken px-3 py-2', className)}
    >
      <pre className="font-mono text-sm">{children}</pre>
    </section>
  );
}
