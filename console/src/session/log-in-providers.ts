import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type Api, portal } from '../api/portal.ts';

export type LogInProvider = Awaited<ReturnType<Api['logInProviders']['list']>>['data'][number];

/** The log-in providers of the portal. They change with its configuration only. */
export const useLogInProviders = (): UseQueryResult<readonly LogInProvider[], Error> =>
  useQuery({
    queryKey: ['log-in-providers'],
    queryFn: async () => (await portal.logInProviders.list()).data,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Sends this browser to the log-in page of a provider, which sends it back to `/log-in/callback`. */
export async function leaveFor(attempt: Promise<{ readonly authorization_url: string }>): Promise<void> {
  const { authorization_url: url } = await attempt;
  // Never a script: the address comes from the provider's own document.
  if (!/^https?:\/\//i.test(url)) throw new Error('The log-in provider has no web address.');
  location.assign(url);
}
