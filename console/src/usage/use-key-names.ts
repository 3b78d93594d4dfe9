import { useQueries } from '@tanstack/react-query';
import { api } from '../api/portal.ts';

const KEPT_FOR_MS = 10 * 60_000;

/** `Production (…x9f2)` of a key, the name alone of an application. */
async function readName(id: string): Promise<string> {
  if (/^app/.test(id)) return (await api.applications.get({ id })).name;
  const { name, last4 } = await api.apiKeys.get({ id });
  return `${name} (…${last4})`;
}

/** Names of the shown keys and applications by their ids. An id is shown until its name has been loaded. */
export function useKeyNames(ids: readonly string[]): (value: string) => string {
  const keys = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['api-keys', 'one', id],
      queryFn: () => readName(id),
      staleTime: KEPT_FOR_MS,
      refetchInterval: false as const,
    })),
  });
  return (value) => keys[ids.indexOf(value)]?.data ?? value;
}
