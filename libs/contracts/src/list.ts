import { z } from 'zod';

/** The query of a list: newest first, at most one cursor. */
export function listQuery<C extends z.ZodType<string>>(cursor: C) {
  return {
    limit: z.coerce.number().int().min(1).max(100).default(10),
    starting_after: cursor.optional(),
    ending_before: cursor.optional(),
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
