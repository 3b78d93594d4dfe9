import { operationPath } from '../../src/reference/addresses.ts';
import { type DocsContent, guidePath } from './docs-frame.ts';

/** One search result: address, title, place, and words. The names are short to save bytes. */
export interface SearchEntry {
  readonly u: string;
  readonly t: string;
  readonly p: string;
  readonly w: string;
}

const MAX_WORDS = 400;

/** The index of the search: sections of guides, and operations with their paths and error codes. */
export function searchIndex({ guides, operations }: DocsContent): SearchEntry[] {
  const sections = guides.flatMap(({ slug, title, rendered }) =>
    rendered.sections.map(({ id, text }): SearchEntry => {
      const heading = rendered.headings.find((one) => one.id === id);
      return {
        u: id === null ? guidePath(slug) : `${guidePath(slug)}#${id}`,
        t: heading?.text ?? title,
        p: title,
        w: text.slice(0, MAX_WORDS),
      };
    }),
  );
  const calls = operations.map(
    ({ id, method, path, summary, errors }): SearchEntry => ({
      u: operationPath(id),
      t: summary,
      p: `${method} ${path}`,
      w: `${id} ${errors.flatMap(({ problems }) => problems.map(({ code }) => code)).join(' ')}`,
    }),
  );
  return [...sections, ...calls];
}
