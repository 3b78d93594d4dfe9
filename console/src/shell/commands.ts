import type { IconName, PageEntry } from '../pages.ts';

export interface Command {
  readonly title: string;
  readonly to: string;
  readonly group?: string;
  readonly icon?: IconName;
}

/** The page that shows the resource with an id of this kind, if there is one. */
const BY_ID: readonly {
  readonly prefix: RegExp;
  readonly what: string;
  readonly path: string;
  readonly query?: true;
}[] = [
  { prefix: /^tic_/, what: 'Ticket', path: '/support/:id' },
  { prefix: /^inc_/, what: 'Incident', path: '/admin/healing/incidents/:id' },
  { prefix: /^key_/, what: 'API key', path: '/keys', query: true },
  {
    prefix: /^(service|server|http|external|business|queue|machine):[a-z]/,
    what: 'Component',
    path: '/admin/healing/health/:component',
  },
];

/** The commands that match the input, best first. */
export function commandsFor(text: string, pages: readonly PageEntry[]): Command[] {
  const wanted = text.trim().toLowerCase();
  const byId = BY_ID.filter(
    ({ prefix, path }) => prefix.test(wanted) && pages.some((page) => page.path === path),
  ).map(
    ({ what, path, query }): Command => ({
      title: `${what} ${text.trim()}`,
      to: query
        ? `${path}?id=${encodeURIComponent(text.trim())}`
        : path.replace(/:\w+$/, encodeURIComponent(text.trim())),
      group: what,
    }),
  );
  const found = pages
    .filter(({ path, frame }) => !path.includes(':') && frame === 'app')
    .map((page) => ({ page, rank: rankOf(wanted, page) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(
      ({ page: { title, path, nav } }): Command => ({
        title,
        to: path,
        ...(nav ? { group: nav.group, icon: nav.icon } : {}),
      }),
    );
  return [...byId, ...found];
}

function rankOf(wanted: string, { title, words = '' }: PageEntry): number {
  const name = title.toLowerCase();
  if (wanted === '') return 1;
  if (name.startsWith(wanted)) return 4;
  if (name.split(' ').some((word) => word.startsWith(wanted))) return 3;
  if (name.includes(wanted)) return 2;
  return words.split(' ').some((word) => word.startsWith(wanted)) ? 1 : 0;
}
