import type { ReactNode } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { Logo } from './logo.tsx';

export function NotFound(): ReactNode {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-3 p-6">
      <Logo size={28} />
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="text-muted">
        <code className="font-mono break-all">{location.pathname}</code> leads nowhere. The address may be
        from an older version, or a letter of it may be missing.
      </p>
      <a href="/home" className={buttonClass('primary')}>
        Go to the first page
      </a>
    </main>
  );
}
