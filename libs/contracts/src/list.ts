import { z } from 'zod';

/**
 * The query of a list: newest first, at most one cursor. Newest means: committed last. Whoever follows a list with the
 * id of the newest item that he has seen in `ending_before` gets every later item once.
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
        'Items on a page at most. A page of large items may end earlier: `has_more` says whether it did.',
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

/** Refuses both cursors at once. */
export const oneCursor = {
  check: (query: { starting_after?: string | undefined; ending_before?: string | undefined }) =>
    !(query.starting_after && query.ending_before),
  message: {
    message: 'give starting_after or ending_before, not both',
    path: ['ending_before'] as PropertyKey[],
  },
} as const;

/** A page of things, newest first. */
export function listOf<T extends z.ZodType>(url: string, item: T) {
  return z.object({
    object: z.literal('list'),
    url: z.literal(url),
    has_more: z.boolean(),
    data: z.array(item),
  });
}
