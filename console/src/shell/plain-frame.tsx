import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';
import { PageSlot } from './page-slot.tsx';

/** The frame of log-in and sign-up: one narrow card. */
export function PlainFrame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:justify-center">
      <header className="mb-6">
        <a href="/" className="flex items-center gap-2.5 text-lg font-semibold text-text no-underline">
          <Logo size={24} />
          GridWorks
        </a>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="w-full max-w-sm rounded-3 border border-line bg-surface px-6 py-6 shadow-1"
      >
        <PageSlot>{children}</PageSlot>
      </main>
      <footer className="mt-6 flex gap-5 text-sm text-faint">
        <a href="/docs" className="hover:text-text">
          Documentation
        </a>
        <a href="/status" className="hover:text-text">
          Status
        </a>
      </footer>
    </div>
  );
}
