import type { Api } from '../api/portal.ts';

export type ApplicationRow = Awaited<ReturnType<Api['applications']['list']>>['data'][number];
export type ApplicationKind = ApplicationRow['kind'];

/** What each kind is, in words. */
export const KIND_WORDS: Readonly<Record<ApplicationKind, { readonly name: string; readonly text: string }>> =
  {
    service: { name: 'Service account', text: 'A machine of yours, with no person: client credentials' },
    web: { name: 'Web application', text: 'Runs on your server and acts for your people: it keeps a secret' },
    native: { name: 'Native application', text: 'Runs on the devices of your people: it has no secret' },
  };

/** The command that gets a token for a service account. */
export const tokenCommand = (id: string, secret: string): string =>
  `curl ${location.origin}/oauth/token -u "${id}:${secret}" -d grant_type=client_credentials`;
