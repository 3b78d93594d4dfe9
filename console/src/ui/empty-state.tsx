import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** Why there is nothing, and what comes next. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** In place of a list that has no rows. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps): ReactNode {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      {Icon && (
        <span className="mb-1 inline-flex size-10 items-center justify-center rounded-full bg-sunken text-faint">
          <Icon aria-hidden size={20} />
        </span>
      )}
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-muted">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
