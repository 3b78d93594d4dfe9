import { describeHolders, isPlatformRole, KEY_SCOPES, type PublicAccess, ruleOf } from '@gridworks/contracts';
import type { PublicRoute } from '../routing/route-declaration.ts';

type Json = Record<string, unknown>;

/** The scopes of access tokens, with words for the document. */
const OAUTH_SCOPES = Object.fromEntries(KEY_SCOPES.map((scope) => [scope, `The permission ${scope}`]));

/** How a credential is sent, by its holder. The bearer schemes differ in the operations that they permit. */
export const SECURITY_SCHEMES: Json = {
  session: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of a session, `ses_…`, of a person of a partner.',
  },
  api_key: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `pp_live_…` or `pp_test_…`, or one that was imported.',
  },
  oauth2: {
    type: 'oauth2',
    description:
      'An access token, a JWT for ten minutes: of a service account by client credentials, of a person through an application by a code with PKCE (S256).',
    flows: {
      clientCredentials: { tokenUrl: '/oauth/token', scopes: OAUTH_SCOPES },
      authorizationCode: {
        authorizationUrl: '/oauth/authorize',
        tokenUrl: '/oauth/token',
        refreshUrl: '/oauth/token',
        scopes: OAUTH_SCOPES,
      },
    },
  },
  browser_session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-session',
    description:
      'The cookie of a browser session, for pages of this origin alone: `Sec-Fetch-Site` must say `same-origin`, and everything but GET needs the header `CSRF-Token` with the `csrf_token` of the session. Used only without `Authorization`.',
  },
  admin: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of a session, `ses_…`, of a person of GridWorks.',
  },
};

/** The `security` of an operation: one entry for each kind of credential that it takes; of a key with its scope. */
export function securityOf(access: PublicAccess): Json[] {
  if (access === 'public') return [];
  const { roles, keyScopes, anonymous } = ruleOf(access);
  return [
    ...(anonymous ? [{}] : []),
    ...(roles.some((role) => !isPlatformRole(role)) ? [{ session: [] }] : []),
    ...(roles.length > 0 ? [{ browser_session: [] }] : []),
    ...(keyScopes.length > 0 ? [{ api_key: [access] }, { oauth2: [access] }] : []),
    ...(roles.some(isPlatformRole) ? [{ admin: [] }] : []),
  ];
}

/** Who may call, as one sentence. */
export function permissionText(access: PublicAccess): string {
  if (access === 'public') return 'Needs no credential. A credential is ignored.';
  if (ruleOf(access).anonymous)
    return `Needs no credential (\`${access}\`). A credential that is sent must be valid.`;
  const fresh = ruleOf(access).stepUp
    ? ' A person must have logged in, or proved who they are (`POST /v1/step-ups`), in the last ten minutes.'
    : '';
  const needs = `Needs the permission \`${access}\`, which is held by ${describeHolders(ruleOf(access))}.${fresh}`;
  return ruleOf(access).keyScopes.length > 0
    ? `${needs} A key with scopes, and an access token, needs the scope \`${access}\`.`
    : needs;
}

/** Whether a person may call, by bearer token or by cookie. */
export const personMayCall = ({ permission }: PublicRoute): boolean =>
  permission !== 'public' && ruleOf(permission).roles.length > 0;

/** Whether an API key may call. Such a call is metered. */
export const keyMayCall = ({ permission }: PublicRoute): boolean =>
  permission !== 'public' && ruleOf(permission).keyScopes.length > 0;
