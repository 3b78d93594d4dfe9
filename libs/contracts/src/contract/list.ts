import { z } from 'zod';
import type { Page } from './page.ts';

/**
 * The query of a list: newest first, at most one cursor. Newest means: committed last. A client that follows
 * a list, with the id of the newest item it has seen in `ending_before`, gets every later item once.
 */
export function listQuery<C extends z.ZodType<string>>(cursor: C) {
  return {
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(10)
      .describe(
        'Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did.',
      ),
    starting_after: cursor
      .optional()
      .describe(
        'The id of the oldest item that you have. The page holds the items after it, which are older.',
      ),
    ending_before: cursor
      .optional()
      .describe(
        'The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first ' +
          'in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice.',
      ),
  };
}

/** Refuses a query with both cursors. */
export const oneCursor = {
  check: (query: { starting_after?: string | undefined; ending_before?: string | undefined }) =>
    !(query.starting_after && query.ending_before),
  message: {
    message: 'give starting_after or ending_before, not both',
    path: ['ending_before'] as PropertyKey[],
  },
} as const;

/** A page of items, newest first. Its `url` is the path of the request whose output it is. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    object: z.literal('list'),
    url: z.string(),
    has_more: z.boolean(),
    data: z.array(item),
  });
}

/**
 * The output of a list with `url` fixed to its only possible value; any other output, and that of a list whose address names an
 * object, is returned unchanged.
 */
export function withUrl(output: z.ZodType, path: string): z.ZodType {
  if (!(output instanceof z.ZodObject) || !isList(output) || path.includes(':')) return output;
  return output.extend({ url: z.literal(path) });
}

const isList = ({ shape }: z.ZodObject): boolean =>
  shape.object instanceof z.ZodLiteral && shape.object.value === 'list';

/** The output of a list's handler. `id`: that of the object in its address. */
export function listPage<T>(
  contract: { readonly http: { readonly path: string } },
  page: Page<T>,
  id = '',
): { object: 'list'; url: string; has_more: boolean; data: T[] } {
  return {
    object: 'list',
    url: contract.http.path.replace(':id', id),
    has_more: page.has_more,
    data: page.data,
  };
}
