import type { ReactNode } from 'react';
import { Link } from '../navigation/navigation.tsx';

interface LinkNoteProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly next?: { readonly to: string; readonly text: string };
}

/** The outcome of a link in a mail. */
export function LinkNote({ title, children, next }: LinkNoteProps): ReactNode {
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children && <div className="mt-1 text-muted">{children}</div>}
      </div>
      {next && (
        <p>
          <Link to={next.to} className="link">
            {next.text}
          </Link>
        </p>
      )}
    </div>
  );
}
