import { PAGES, type PageEntry } from '../pages.ts';

export interface PageMatch {
  readonly page: PageEntry;
  /** `{ id: 'tic_1' }` of `/support/:id`. */
  readonly params: Readonly<Record<string, string>>;
}

const compiled = PAGES.map((page) => {
  const source = page.path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return { page, pattern: new RegExp(`^${source}/?$`), hasParams: source !== page.path };
}).sort((a, b) => Number(a.hasParams) - Number(b.hasParams));

/** The page at a path; addresses without parameters match first. Null when there is none. */
export function matchPage(path: string): PageMatch | null {
  for (const { page, pattern } of compiled) {
    const found = pattern.exec(path);
    if (!found) continue;
    const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decode(value)]);
    return { page, params: Object.fromEntries(params) as Record<string, string> };
  }
  return null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
