import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { forgetFailedPages } from '../navigation/lazy-page.tsx';
import { usePageMatch, usePathname } from '../navigation/navigation.tsx';
import { Boundary } from '../ui/boundary.tsx';
import { Failed, Waiting } from '../ui/panel.tsx';

/**
 * The present page. Sets the title of the window, takes the focus after a change of page, and keeps its
 * errors out of the frame.
 */
export function PageSlot({ children }: { readonly children: ReactNode }): ReactNode {
  const page = usePageMatch()?.page;
  const pathname = usePathname();
  const before = useRef(pathname);
  useEffect(() => {
    if (page) document.title = `${page.title} · GridWorks`;
    if (before.current === pathname) return;
    before.current = pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [page, pathname]);
  return (
    <Boundary
      resetKey={pathname}
      fallback={(error, retry) => (
        <>
          <h1 className="mb-4 text-xl font-semibold">{page?.title ?? 'This page'} could not be shown</h1>
          <Failed
            error={error}
            onRetry={() => {
              forgetFailedPages();
              retry();
            }}
          />
        </>
      )}
    >
      <Suspense fallback={<Waiting lines={6} />}>{children}</Suspense>
    </Boundary>
  );
}
