import { NAV_GROUPS, type NavGroup, PAGES, type PageEntry } from '../pages.ts';
import { mayDo } from '../session/may-do.ts';
import type { Person } from '../session/session.ts';

/** The navigation groups of a user, with the pages that the user may open. */
export function navigationFor(
  person: Person | null,
  pages: readonly PageEntry[] = PAGES,
): readonly { readonly group: NavGroup; readonly pages: readonly PageEntry[] }[] {
  return NAV_GROUPS.map((group) => ({
    group,
    pages: pages.filter((page) => page.nav?.group === group && mayDo(person, page.permission)),
  })).filter((row) => row.pages.length > 0);
}

/** Whether a page is shown, or a page below it that has no place in the navigation. */
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

/** The first page of a user: the first one in the navigation that needs a permission. */
export const firstPageOf = (person: Person | null | undefined): string =>
  navigationFor(person ?? null)
    .flatMap(({ pages }) => pages)
    .find(({ permission }) => permission !== undefined)?.path ?? '/settings';
