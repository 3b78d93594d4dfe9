import type { IdKind, PublicAccess } from '@gridworks/contracts';

/** A file of the gateway that declares addresses with `definePage`. */
export interface DeclaredPages {
  readonly file: string;
  /** Put before each path that the file names. */
  readonly base?: string;
  readonly routes: readonly {
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly permission: PublicAccess;
    /** Asks for a credential of its own, which nobody here has: a sender's signature, the secret of an application. */
    readonly refuses?: readonly number[];
    /** Of what the parameter `id` is the id, where it is an object of a partner. */
    readonly kind?: IdKind;
    /** The response has no end. */
    readonly streams?: true;
    /** Nobody may call it in the name of a partner, although it only reads. */
    readonly notImpersonated?: true;
  }[];
}

const SCIM = '/scim/v2';
const scim = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string) =>
  ({ method, path: `${SCIM}${path}`, permission: 'scim:provision' }) as const;

const open = (path: string) => ({ method: 'GET', path, permission: 'public' }) as const;

/** What the gateway serves itself, without a contract. `npm run check` compares it with the addresses in the sources. */
export const GATEWAY_PAGES: readonly DeclaredPages[] = [
  {
    file: 'live/events-page.ts',
    routes: [
      { method: 'GET', path: '/v1/admin/events', permission: 'incidents:read', streams: true },
      {
        ...{ method: 'GET', path: '/v1/events', permission: 'audit:read', streams: true },
        notImpersonated: true,
      },
    ],
  },
  {
    file: 'system/health.controller.ts',
    routes: [open('/livez'), open('/readyz'), open('/startupz'), open('/health')],
  },
  {
    file: 'openapi/documents.controller.ts',
    routes: [open('/openapi.json'), open('/asyncapi.json'), open('/problems/:code')],
  },
  {
    file: 'leaked-keys/leaked-keys.controller.ts',
    routes: [{ method: 'POST', path: '/v1/leaked-keys', permission: 'public', refuses: [403] }],
  },
  {
    file: 'payment-webhooks/payment-webhooks.controller.ts',
    routes: [{ method: 'POST', path: '/v1/webhooks/stripe', permission: 'public', refuses: [400, 409] }],
  },
  {
    file: 'frontend-reports/frontend-reports.controller.ts',
    routes: [{ method: 'POST', path: '/v1/frontend-reports', permission: 'public' }],
  },
  {
    file: 'oauth/oauth.controller.ts',
    routes: [
      open('/oauth/authorize'),
      open('/oauth/authorize/:uid'),
      open('/.well-known/jwks.json'),
      open('/.well-known/openid-configuration'),
      open('/.well-known/oauth-authorization-server'),
      ...['/oauth/token', '/oauth/par', '/oauth/introspect', '/oauth/revoke'].map(
        (path) => ({ method: 'POST', path, permission: 'public', refuses: [400, 401] }) as const,
      ),
    ],
  },
  {
    file: 'scim/scim-discovery.controller.ts',
    base: SCIM,
    routes: [
      '/ServiceProviderConfig',
      '/ResourceTypes',
      '/ResourceTypes/:id',
      '/Schemas',
      '/Schemas/:id',
    ].map((path) => scim('GET', path)),
  },
  {
    file: 'scim/scim.controller.ts',
    base: SCIM,
    routes: (
      [
        ['/Users', 'scimUser'],
        ['/Groups', 'scimGroup'],
      ] as const
    ).flatMap(([path, kind]) => [
      ...(['GET', 'POST'] as const).map((method) => scim(method, path)),
      ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map((method) => ({
        ...scim(method, `${path}/:id`),
        kind,
      })),
    ]),
  },
  { file: 'scim/scim-page.ts', routes: [] },
  {
    file: 'saml/saml.controller.ts',
    routes: [
      open('/v1/saml/:id/metadata'),
      { method: 'POST', path: '/v1/saml/:id/acs', permission: 'public' },
    ],
  },
  { file: 'console/serve-console.ts', routes: [open('/')] },
];
