import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import * as z from 'zod/mini';

export interface ListPage<T> {
  readonly has_more: boolean;
  readonly data: readonly T[];
}

/** The cursors of a list, as they stand in the address. */
export const CURSORS = {
  starting_after: z.optional(z.string()),
  ending_before: z.optional(z.string()),
};
/** What a change of a filter puts into the address: cursors of another list mean nothing. */
export const FIRST_PAGE = { starting_after: undefined, ending_before: undefined } as const;
export interface CursorSearch {
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
}

interface CursorList<T> {
  readonly query: UseQueryResult<ListPage<T>, Error>;
  /** For `<Cursors>`: null where there is no further page. */
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/**
 * One page of a list: what the address says, and the ways to the next and the page before. The page before stays on the screen
 * while the next one is on its way.
 */
export function useCursorList<T extends { readonly id: string }>(options: {
  readonly queryKey: readonly unknown[];
  readonly search: CursorSearch;
  readonly setSearch: (change: CursorSearch, how?: { push?: boolean }) => void;
  readonly load: (cursor: CursorSearch) => Promise<ListPage<T>>;
  readonly live?: boolean;
}): CursorList<T> {
  const { queryKey, search, setSearch, load, live } = options;
  const { starting_after, ending_before } = search;
  const cursor: CursorSearch = {
    ...(starting_after ? { starting_after } : {}),
    ...(ending_before && !starting_after ? { ending_before } : {}),
  };
  const query = useQuery({
    queryKey: [...queryKey, cursor],
    queryFn: () => load(cursor),
    placeholderData: keepPreviousData,
    meta: { live: Boolean(live) },
  });
  const page = query.data;
  const first = page?.data[0]?.id;
  const last = page?.data.at(-1)?.id;
  const go = (change: CursorSearch) => () => setSearch(change, { push: true });
  // Going back, `has_more` tells of newer pages; going on, of older ones.
  const hasNewer = cursor.ending_before ? page?.has_more : Boolean(starting_after);
  const hasOlder = cursor.ending_before ? true : page?.has_more;
  return {
    query,
    onPrevious: hasNewer && first ? go({ ending_before: first, starting_after: undefined }) : null,
    onNext: hasOlder && last ? go({ starting_after: last, ending_before: undefined }) : null,
  };
}
