import type { ReactNode } from 'react';

/** One number with its name above and its explanation below. Used in a `<dl>`. */
export function FigureNumber({
  label,
  value,
  children,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="mt-0.5 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
      {children && <dd className="mt-0.5 text-sm text-faint">{children}</dd>}
    </div>
  );
}
