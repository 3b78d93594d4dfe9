import type { ReactNode } from 'react';
import { Link, usePathname } from '../navigation/navigation.tsx';
import type { PageEntry } from '../pages.ts';
import { usePerson } from '../session/person.tsx';
import { cx } from '../ui/cx.ts';
import { ICONS } from './icons.ts';
import { isUnder, navigationFor } from './navigation-groups.ts';

export function Navigation(): ReactNode {
  const person = usePerson();
  return (
    <nav
      aria-label="Main"
      className="sticky top-(--bar) flex max-h-[calc(100dvh-var(--bar))] flex-col gap-5 overflow-y-auto p-3"
    >
      {navigationFor(person).map(({ group, pages }) => (
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
