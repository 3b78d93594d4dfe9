import { onlineManager, QueryClient } from '@tanstack/react-query';
import { troubleOf } from '../ui/problem.ts';

const STALE_AFTER_MS = 15_000;
const KEPT_FOR_MS = 10 * 60_000;
const FIRST_WAIT_MS = 4000;
const LONGEST_WAIT_MS = 60_000;

/**
 * When a failed query is tried again: after the time in the response, else after 4, 8, 16 s and so on, a
 * minute at most.
 * @returns milliseconds; false when waiting does not help
 */
export function retryLater(error: unknown, failures: number): number | false {
  if (!error) return false;
  const { passing, retryAfterMs } = troubleOf(error);
  if (!passing) return false;
  const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, Math.max(0, failures - 1)));
  return Math.max(retryAfterMs ?? 0, backoff);
}

// TanStack Query takes the browser for online until an event says otherwise; a page from the worker's cache begins offline.
onlineManager.setOnline(navigator.onLine);

/** The store of all data from the API. In memory only. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The SDK has tried each failed call three times; a failed panel tries again after growing intervals.
      retry: false,
      refetchInterval: ({ state }) => retryLater(state.error, state.errorUpdateCount),
      staleTime: STALE_AFTER_MS,
      gcTime: KEPT_FOR_MS,
      refetchOnReconnect: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
