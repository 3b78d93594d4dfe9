import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import * as z from 'zod/mini';

export interface ListPage<T> {
  readonly has_more: boolean;
  readonly data: readonly T[];
}

/** The cursors of a list, as search parameters of the address. */
export const CURSORS = {
  starting_after: z.optional(z.string()),
  ending_before: z.optional(z.string()),
};
/** The search parameters to set with a changed filter: cursors of another list are meaningless. */
export const FIRST_PAGE = { starting_after: undefined, ending_before: undefined } as const;
export interface CursorSearch {
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
}

interface CursorList<T> {
  readonly query: UseQueryResult<ListPage<T>, Error>;
  /** Props of `<Cursors>`: null where there is no further page. */
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
}

/**
 * One page of a list, chosen by the address, and functions for the next and the previous page. The old page
 * stays on the screen while the new one loads.
 */
export function useCursorList<T extends { readonly id: string }>(options: {
  readonly queryKey: readonly unknown[];
  readonly search: CursorSearch;
  readonly setSearch: (change: CursorSearch, how?: { push?: boolean }) => void;
  readonly load: (cursor: CursorSearch) => Promise<ListPage<T>>;
  readonly live?: boolean;
  /** Milliseconds after which the page is read again, for lists that no event of the stream outdates. */
  readonly everyMs?: number;
}): CursorList<T> {
  const { queryKey, search, setSearch, load, live, everyMs } = options;
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
    ...(everyMs ? { refetchInterval: everyMs } : {}),
  });
  const page = query.data;
  const first = page?.data[0]?.id;
  const last = page?.data.at(-1)?.id;
  const go = (change: CursorSearch) => () => setSearch(change, { push: true });
  // With `ending_before`, `has_more` is about newer pages; otherwise about older ones.
  const hasNewer = cursor.ending_before ? page?.has_more : Boolean(starting_after);
  const hasOlder = cursor.ending_before ? true : page?.has_more;
  return {
    query,
    onPrevious: hasNewer && first ? go({ ending_before: first, starting_after: undefined }) : null,
    onNext: hasOlder && last ? go({ starting_after: last, ending_before: undefined }) : null,
  };
}
