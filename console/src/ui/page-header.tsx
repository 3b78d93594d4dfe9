import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: ReactNode;
  /** One sentence about the purpose of the page. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Above the title: the link back to the list. */
  readonly back?: ReactNode;
}

export function PageHeader({ title, children, actions, back }: PageHeaderProps): ReactNode {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {back && <div className="mb-1 text-sm">{back}</div>}
        <h1 tabIndex={-1} className="text-xl font-semibold tracking-tight break-words">
          {title}
        </h1>
        {children && <p className="mt-1 max-w-prose text-muted">{children}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
