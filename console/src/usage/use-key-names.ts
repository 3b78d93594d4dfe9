import { useQueries } from '@tanstack/react-query';
import { api } from '../api/portal.ts';

const KEPT_FOR_MS = 10 * 60_000;

/** Names of the shown keys by their ids. An id is shown until its name has been loaded. */
export function useKeyNames(ids: readonly string[]): (value: string) => string {
  const keys = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['api-keys', 'one', id],
      queryFn: () => api.apiKeys.get({ id }),
      staleTime: KEPT_FOR_MS,
      refetchInterval: false as const,
    })),
  });
  return (value) => {
    const key = keys[ids.indexOf(value)]?.data;
    return key ? `${key.name} (…${key.last4})` : value;
  };
}
