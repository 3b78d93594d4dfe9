import type { PublicAccess } from '@gridworks/contracts';

/** A file of the gateway that declares addresses with `definePage`. */
export interface DeclaredPages {
  readonly file: string;
  /** How often `definePage` is called in it. */
  readonly declarations: number;
  readonly routes: readonly {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly permission: PublicAccess;
    /** Asks for a sender's signature instead of a credential: nobody here has one. */
    readonly signed?: true;
  }[];
}

const open = (path: string) => ({ method: 'GET', path, permission: 'public' }) as const;

/** What the gateway serves itself, without a contract. `npm run check` compares the declarations with the sources. */
export const GATEWAY_PAGES: readonly DeclaredPages[] = [
  {
    file: 'live/events-page.ts',
    declarations: 1,
    routes: [{ method: 'GET', path: '/v1/admin/events', permission: 'incidents:read' }],
  },
  {
    file: 'system/health.controller.ts',
    declarations: 1,
    routes: [open('/livez'), open('/readyz'), open('/startupz'), open('/health')],
  },
  {
    file: 'openapi/documents.controller.ts',
    declarations: 1,
    routes: [open('/openapi.json'), open('/asyncapi.json')],
  },
  {
    file: 'leaked-keys/leaked-keys.controller.ts',
    declarations: 1,
    routes: [{ method: 'POST', path: '/v1/leaked-keys', permission: 'public', signed: true }],
  },
  {
    file: 'frontend-reports/frontend-reports.controller.ts',
    declarations: 1,
    routes: [{ method: 'POST', path: '/v1/frontend-reports', permission: 'public' }],
  },
  { file: 'console/serve-console.ts', declarations: 1, routes: [open('/')] },
];
