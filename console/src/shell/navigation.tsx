import type { Identity } from '@gridworks/sdk';
import type { ReactNode } from 'react';
import { Link, usePathname } from '../navigation/navigation.tsx';
import { NAV_GROUPS, type NavGroup, PAGES, type PageEntry } from '../pages.ts';
import { useIdentity } from '../session/identity.tsx';
import { mayDo } from '../session/session.ts';
import { cx } from '../ui/cx.ts';
import { ICONS } from './icons.ts';

/** The groups that somebody sees, with the pages that they may open. */
export function navigationFor(
  identity: Identity | null,
  pages: readonly PageEntry[] = PAGES,
): readonly { readonly group: NavGroup; readonly pages: readonly PageEntry[] }[] {
  return NAV_GROUPS.map((group) => ({
    group,
    pages: pages.filter((page) => page.nav?.group === group && mayDo(identity, page.permission)),
  })).filter((row) => row.pages.length > 0);
}

export function Navigation(): ReactNode {
  const identity = useIdentity();
  return (
    <nav
      aria-label="Main"
      className="sticky top-(--bar) flex max-h-[calc(100dvh-var(--bar))] flex-col gap-5 overflow-y-auto p-3"
    >
      {navigationFor(identity).map(({ group, pages }) => (
        <div key={group}>
          <p className="px-2.5 pb-1 text-xs font-medium text-faint">{group}</p>
          <ul className="flex flex-col gap-px">
            {pages.map((page) => (
              <li key={page.path}>
                <NavLink page={page} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

const PLACE = 'flex h-8 items-center gap-2.5 rounded-2 px-2.5 text-md no-underline max-lg:h-10';

/** Whether a page is shown, or one below it that has no place of its own in the navigation. */
export function isUnder(path: string, page: PageEntry, pages: readonly PageEntry[] = PAGES): boolean {
  if (path === page.path) return true;
  if (!path.startsWith(`${page.path}/`)) return false;
  return !pages.some(
    (other) =>
      other.nav &&
      other.path.length > page.path.length &&
      (path === other.path || path.startsWith(`${other.path}/`)),
  );
}

function NavLink({ page }: { readonly page: PageEntry }): ReactNode {
  const Icon = page.nav && ICONS[page.nav.icon];
  const isHere = isUnder(usePathname(), page);
  return (
    <Link
      to={page.path}
      aria-current={isHere ? 'page' : undefined}
      className={cx(
        PLACE,
        isHere ? 'bg-selected font-medium text-accent-text' : 'text-muted hover:bg-hover hover:text-text',
      )}
    >
      {Icon && <Icon aria-hidden size={16} strokeWidth={1.75} />}
      {page.title}
    </Link>
  );
}
