import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** Why the list is empty, and what to do next. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Shown in place of a list without rows. */
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
