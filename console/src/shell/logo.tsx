import type { ReactNode } from 'react';

/** The logo of the product: a grid with one cell under repair. */
export function Logo({ size = 20 }: { readonly size?: number }): ReactNode {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 20 20">
      <rect x="1" y="1" width="8" height="8" rx="2" fill="var(--accent)" />
      <rect x="11" y="1" width="8" height="8" rx="2" fill="var(--accent)" opacity=".55" />
      <rect x="1" y="11" width="8" height="8" rx="2" fill="var(--accent)" opacity=".55" />
      <path
        d="M11.5 15.2l2.4 2.4 4.6-5"
        fill="none"
        stroke="var(--pass-mark)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
