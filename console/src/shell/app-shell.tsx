import { Menu, Search, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { queryClient } from '../api/query-client.ts';
import { keepLive } from '../live/live-queries.ts';
import { usePageMatch, usePathname } from '../navigation/navigation.tsx';
import { mayDo } from '../session/may-do.ts';
import { usePerson } from '../session/person.tsx';
import { BannerSlot } from '../ui/banner.tsx';
import { IconButton } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ToastRegion } from '../ui/toasts.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionMark } from './connection-mark.tsx';
import { Forbidden } from './forbidden.tsx';
import { ImpersonationBanner } from './impersonation-banner.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { PageSlot } from './page-slot.tsx';

const CommandMenu = lazy(() => import('./command-menu.tsx'));

/** Bar, navigation, notices and the page. */
export default function AppShell({ children }: { readonly children: ReactNode }): ReactNode {
  const person = usePerson();
  const pathname = usePathname();
  const page = usePageMatch()?.page;
  const [isNavOpen, setNavOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const streams = mayDo(person, 'incidents:read');
  useEffect(() => (streams ? keepLive(queryClient, '/v1/admin/events') : undefined), [streams]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the navigation on a phone
  useEffect(() => setNavOpen(false), [pathname]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setMenuOpen((open) => !open);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-2 focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-30 flex h-(--bar) items-center gap-3 border-b border-line bg-surface px-3 sm:px-4">
        <IconButton
          icon={isNavOpen ? X : Menu}
          label={isNavOpen ? 'Close navigation' : 'Open navigation'}
          aria-expanded={isNavOpen}
          aria-controls="navigation"
          onClick={() => setNavOpen(!isNavOpen)}
          className="-ms-1 lg:hidden"
        />
        <a href="/" className="flex items-center gap-2 font-semibold text-text no-underline">
          <Logo />
          <span className="max-sm:sr-only">GridWorks</span>
        </a>
        <span className="truncate text-muted max-sm:hidden">
          <span aria-hidden className="me-3 text-line-strong">
            /
          </span>
          {person.partner?.name ?? 'Operations'}
        </span>
        <div className="ms-auto flex items-center gap-2">
          <button
            type="button"
            onClick={() => setMenuOpen(true)}
            className="flex h-8 items-center gap-2 rounded-2 border border-line bg-sunken px-2.5 text-sm text-faint hover:text-text sm:w-52"
          >
            <Search aria-hidden size={14} />
            <span className="max-sm:sr-only">Find anything</span>
            <kbd className="ms-auto font-sans text-xs max-sm:hidden">{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
          <ConnectionMark />
          <AccountMenu />
        </div>
      </header>
      <ImpersonationBanner />
      <BannerSlot />
      <OfflineBanner />
      <div className="flex flex-1">
        <div
          id="navigation"
          className={cx(
            'z-20 w-(--sidebar) shrink-0 border-e border-line bg-surface lg:block lg:bg-canvas',
            isNavOpen
              ? 'appear max-lg:fixed max-lg:inset-y-0 max-lg:top-(--bar) max-lg:w-64 max-lg:shadow-3'
              : 'max-lg:hidden',
          )}
        >
          <Navigation />
        </div>
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-5 sm:px-6 lg:px-8">
          <div className="mx-auto max-w-6xl">
            {mayDo(person, page?.permission) ? (
              <PageSlot>{children}</PageSlot>
            ) : (
              <Forbidden person={person} />
            )}
          </div>
        </main>
      </div>
      <ToastRegion />
      {isMenuOpen && (
        <Suspense>
          <CommandMenu onClose={() => setMenuOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);
