import {
  type Client,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { ACCESS_TOKEN_LIFETIME_S } from '../signing-keys/signing-key.ts';
import { scopesOf } from './application-scopes.ts';
import { CLIENT_EXTRAS, extrasOf } from './client-adapter.ts';
import { AUTHORIZE_PAGE, COOKIES } from './oauth-names.ts';

/** Where the cookie of an interaction is sent: to the addresses of the API that the page calls. */
const INTERACTION_PATH = '/v1/authorizations';

const MINUTE_S = 60;
const DAY_S = 86_400;

export interface ProviderParts {
  readonly issuer: string;
  readonly adapter: NonNullable<Configuration['adapter']>;
  /** The private keys; the first one signs. */
  readonly jwks: NonNullable<Configuration['jwks']>;
  /** Sign the cookies of interactions: the first one makes, all of them check. */
  readonly cookieKeys: readonly string[];
}

/**
 * The rules of the provider (RFC 9700): PKCE with S256 for every code, exact redirect URIs, refresh tokens that are used
 * once, JWT access tokens (RFC 9068) for this API alone; no implicit grant, no password grant, no silent log-in.
 */
export function providerOptions({ issuer, adapter, jwks, cookieKeys }: ProviderParts): Configuration {
  return {
    adapter,
    jwks,
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
    clientDefaults: { id_token_signed_response_alg: 'EdDSA' },
    extraClientMetadata: { properties: [CLIENT_EXTRAS] },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: 0,
    clientBasedCORS: () => false,
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      introspection: '/oauth/introspect',
      revocation: '/oauth/revoke',
      pushed_authorization_request: '/oauth/par',
      jwks: '/.well-known/jwks.json',
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async (_ctx, client, token) => isOwn(client, token) },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => isOwn(client, token) },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => issuer,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource, client) => {
          if (resource !== issuer) throw new errors.InvalidTarget();
          const scope = scopesOf(extrasOf(client)).join(' ');
          requestAllOf(ctx, scope);
          return {
            scope,
            audience: issuer,
            accessTokenTTL: ACCESS_TOKEN_LIFETIME_S,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'EdDSA', kid: jwks.keys[0]?.kid as string } },
          };
        },
      },
    },
    cookies: {
      names: COOKIES,
      keys: [...cookieKeys],
      short: { path: INTERACTION_PATH, httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    interactions: {
      policy: interactionPolicy.base(),
      url: (_ctx, { uid }) => `${AUTHORIZE_PAGE}?uid=${uid}`,
    },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    extraTokenClaims: (_ctx, token) => ({
      partner_id: token.client ? extrasOf(token.client).partner_id : undefined,
      ...('grantId' in token ? { grant_id: token.grantId } : {}),
    }),
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: ACCESS_TOKEN_LIFETIME_S,
      ClientCredentials: ACCESS_TOKEN_LIFETIME_S,
      IdToken: ACCESS_TOKEN_LIFETIME_S,
      AuthorizationCode: MINUTE_S,
      Interaction: 15 * MINUTE_S,
      Session: 15 * MINUTE_S,
      RefreshToken: 30 * DAY_S,
      Grant: 180 * DAY_S,
    },
    discovery: {
      service_documentation: `${issuer}/docs`,
    },
    /** A person gets the console's page with words for the code; the description may be of an attacker's making. */
    renderError: (ctx, { error }) => {
      ctx.status = 303;
      ctx.redirect(`${AUTHORIZE_PAGE}?${new URLSearchParams({ error })}`);
    },
  };
}

/** A client introspects and revokes its own tokens only. */
const isOwn = (client: Client, { clientId }: { readonly clientId?: string | undefined }): boolean =>
  client.clientId === clientId;

/** A machine that names no scope gets all that it has. */
function requestAllOf(ctx: KoaContextWithOIDC, scope: string): void {
  const { params } = ctx.oidc;
  if (params?.grant_type === 'client_credentials' && params.scope === undefined) params.scope = scope;
}
