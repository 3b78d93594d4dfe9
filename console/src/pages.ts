import type { ComponentType } from 'react';
import type { Permission } from './session/permissions.gen.ts';

/** Names of icons, looked up in shell/icons.ts: the build reads this table, too, and draws no icons. */
export type IconName =
  | 'home'
  | 'key'
  | 'apps'
  | 'chart'
  | 'support'
  | 'person'
  | 'pulse'
  | 'incident'
  | 'pattern'
  | 'model'
  | 'breaker'
  | 'pause'
  | 'flask'
  | 'letter'
  | 'pool'
  | 'checks'
  | 'database'
  | 'partners'
  | 'users'
  | 'overview'
  | 'settings'
  | 'explorer'
  | 'shield'
  | 'book'
  | 'log'
  | 'sso'
  | 'globe'
  | 'directory'
  | 'receipt'
  | 'revenue'
  | 'tags';

export interface PageEntry {
  /** The path, with parameters as in `/support/:id`. */
  readonly path: `/${string}`;
  readonly title: string;
  /** `app`: inside the shell, for a logged-in user. `plain`: a narrow page without a log-in. */
  readonly frame: 'app' | 'plain';
  /** The permission that the page needs. Without one every logged-in user may see the page. */
  readonly permission?: Permission;
  /** The place in the navigation. Pages with parameters and pages reached from other pages have none. */
  readonly nav?: { readonly group: NavGroup; readonly icon: IconName };
  /** Further words by which the command menu finds the page. */
  readonly words?: string;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const NAV_GROUPS = ['Build', 'Help', 'Healing', 'Administration', 'Account'] as const;
export type NavGroup = (typeof NAV_GROUPS)[number];

/**
 * Every page of the application. Router, navigation, command menu and the gateway's list of addresses are
 * made from this table. The file is plain data and loads no page, so that the build can read it.
 */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/login',
    title: 'Log in',
    frame: 'plain',
    load: () => import('./session/log-in.page.tsx'),
  },
  {
    path: '/signup',
    title: 'Sign up',
    frame: 'plain',
    load: () => import('./sign-up/sign-up.page.tsx'),
  },
  {
    path: '/log-in/callback',
    title: 'Logging in',
    frame: 'plain',
    load: () => import('./session/callback.page.tsx'),
  },
  {
    path: '/forgot-password',
    title: 'Forgot your password',
    frame: 'plain',
    load: () => import('./links/forgot-password.page.tsx'),
  },
  {
    path: '/reset-password',
    title: 'New password',
    frame: 'plain',
    load: () => import('./links/reset-password.page.tsx'),
  },
  {
    path: '/confirm-email',
    title: 'Confirm your address',
    frame: 'plain',
    load: () => import('./links/confirm-email.page.tsx'),
  },
  {
    path: '/invitation',
    title: 'Invitation',
    frame: 'plain',
    load: () => import('./links/invitation.page.tsx'),
  },
  {
    path: '/authorize',
    title: 'Access of an application',
    frame: 'plain',
    load: () => import('./authorize/authorize.page.tsx'),
  },
  {
    path: '/home',
    title: 'Home',
    frame: 'app',
    permission: 'usage:read',
    nav: { group: 'Build', icon: 'home' },
    words: 'plan onboarding first steps',
    load: () => import('./home/home.page.tsx'),
  },
  {
    path: '/keys',
    title: 'API keys',
    frame: 'app',
    permission: 'api-keys:read',
    nav: { group: 'Build', icon: 'key' },
    words: 'credentials secret token regenerate revoke',
    load: () => import('./keys/keys.page.tsx'),
  },
  {
    path: '/applications',
    title: 'Applications',
    frame: 'app',
    permission: 'applications:read',
    nav: { group: 'Build', icon: 'apps' },
    words: 'oauth service accounts machines clients client credentials secret token redirect',
    load: () => import('./applications/applications.page.tsx'),
  },
  {
    path: '/explorer',
    title: 'API explorer',
    frame: 'app',
    nav: { group: 'Build', icon: 'explorer' },
    words: 'try test call request curl sdk operations reference',
    load: () => import('./explorer/explorer.page.tsx'),
  },
  {
    path: '/usage',
    title: 'Usage',
    frame: 'app',
    permission: 'usage:read',
    nav: { group: 'Build', icon: 'chart' },
    words: 'analytics calls latency errors csv',
    load: () => import('./usage/usage.page.tsx'),
  },
  {
    path: '/team',
    title: 'Team',
    frame: 'app',
    permission: 'members:read',
    nav: { group: 'Build', icon: 'users' },
    words: 'members people invite roles owner',
    load: () => import('./people/team.page.tsx'),
  },
  {
    path: '/team/roles',
    title: 'Roles',
    frame: 'app',
    permission: 'roles:read',
    words: 'permissions rbac',
    load: () => import('./people/roles.page.tsx'),
  },
  {
    path: '/support',
    title: 'Support',
    frame: 'app',
    permission: 'tickets:read',
    nav: { group: 'Help', icon: 'support' },
    words: 'tickets help problems',
    load: () => import('./tickets/tickets.page.tsx'),
  },
  {
    path: '/support/new',
    title: 'New ticket',
    frame: 'app',
    permission: 'tickets:write',
    words: 'open ticket help',
    load: () => import('./tickets/new-ticket.page.tsx'),
  },
  {
    path: '/support/:id',
    title: 'Ticket',
    frame: 'app',
    permission: 'tickets:read',
    load: () => import('./tickets/ticket.page.tsx'),
  },
  {
    path: '/admin/healing',
    title: 'Healing',
    frame: 'app',
    permission: 'incidents:read',
    nav: { group: 'Healing', icon: 'pulse' },
    words: 'state services components live',
    load: () => import('./healing/healing.page.tsx'),
  },
  {
    path: '/admin/healing/incidents',
    title: 'Incidents',
    frame: 'app',
    permission: 'incidents:read',
    nav: { group: 'Healing', icon: 'incident' },
    words: 'faults outages timeline',
    load: () => import('./healing/incidents.page.tsx'),
  },
  {
    path: '/admin/healing/incidents/:id',
    title: 'Incident',
    frame: 'app',
    permission: 'incidents:read',
    load: () => import('./healing/incident.page.tsx'),
  },
  {
    path: '/admin/healing/patterns',
    title: 'Patterns',
    frame: 'app',
    permission: 'patterns:read',
    nav: { group: 'Healing', icon: 'pattern' },
    words: 'learned strategies',
    load: () => import('./healing/patterns.page.tsx'),
  },
  {
    path: '/admin/healing/verdicts',
    title: 'Model verdicts',
    frame: 'app',
    permission: 'verdicts:read',
    nav: { group: 'Healing', icon: 'model' },
    words: 'model suggestions trial reject',
    load: () => import('./healing/verdicts.page.tsx'),
  },
  {
    path: '/admin/healing/breakers',
    title: 'Circuit breakers',
    frame: 'app',
    permission: 'breakers:read',
    nav: { group: 'Healing', icon: 'breaker' },
    words: 'hold open closed',
    load: () => import('./healing/breakers.page.tsx'),
  },
  {
    path: '/admin/healing/pools',
    title: 'Connection pools',
    frame: 'app',
    permission: 'pools:read',
    nav: { group: 'Healing', icon: 'pool' },
    words: 'postgres database connections exhausted warning emergency size',
    load: () => import('./healing/pools.page.tsx'),
  },
  {
    path: '/admin/healing/dead-letters',
    title: 'Dead letters',
    frame: 'app',
    permission: 'dead-letters:read',
    nav: { group: 'Healing', icon: 'letter' },
    words: 'events given up replay discard consumers queues',
    load: () => import('./healing/dead-letters/dead-letters.page.tsx'),
  },
  {
    path: '/admin/checks',
    title: 'Checks',
    frame: 'app',
    permission: 'checks:read',
    nav: { group: 'Healing', icon: 'checks' },
    words: 'probes thresholds intervals synthetic business external smtp twilio model mute',
    load: () => import('./healing/checks/checks.page.tsx'),
  },
  {
    path: '/admin/database',
    title: 'Database',
    frame: 'app',
    permission: 'database:read',
    nav: { group: 'Healing', icon: 'database' },
    words: 'postgres indexes slow queries statements suggestions plans',
    load: () => import('./healing/indexes/database.page.tsx'),
  },
  {
    path: '/admin/healing/pauses',
    title: 'Pauses',
    frame: 'app',
    permission: 'pauses:read',
    nav: { group: 'Healing', icon: 'pause' },
    words: 'kill switch stop healing maintenance',
    load: () => import('./healing/pauses.page.tsx'),
  },
  {
    path: '/admin/healing/chaos',
    title: 'Chaos',
    frame: 'app',
    permission: 'healing:read',
    nav: { group: 'Healing', icon: 'flask' },
    words: 'experiments scorecard faults',
    load: () => import('./healing/chaos.page.tsx'),
  },
  {
    path: '/admin/healing/health/:component',
    title: 'Component',
    frame: 'app',
    permission: 'health:read',
    load: () => import('./healing/component.page.tsx'),
  },
  {
    path: '/admin',
    title: 'Overview',
    frame: 'app',
    permission: 'healing:read',
    nav: { group: 'Administration', icon: 'overview' },
    words: 'figures counts sign-ups queues dead letters',
    load: () => import('./admin/overview.page.tsx'),
  },
  {
    path: '/admin/partners',
    title: 'Partners',
    frame: 'app',
    permission: 'partners:read',
    nav: { group: 'Administration', icon: 'partners' },
    words: 'companies customers',
    load: () => import('./admin/partners.page.tsx'),
  },
  {
    path: '/admin/partners/:id',
    title: 'Partner',
    frame: 'app',
    permission: 'partners:read',
    load: () => import('./admin/partner.page.tsx'),
  },
  {
    path: '/admin/users',
    title: 'Users',
    frame: 'app',
    permission: 'partners:read',
    nav: { group: 'Administration', icon: 'users' },
    words: 'people accounts',
    load: () => import('./admin/users.page.tsx'),
  },
  {
    path: '/admin/tickets',
    title: 'All tickets',
    frame: 'app',
    permission: 'partners:read',
    nav: { group: 'Administration', icon: 'support' },
    words: 'support',
    load: () => import('./admin/tickets.page.tsx'),
  },
  {
    path: '/admin/billing',
    title: 'Revenue',
    frame: 'app',
    permission: 'invoices:read-all',
    nav: { group: 'Administration', icon: 'revenue' },
    words: 'billing invoices payments failed dunning overdue money recurring',
    load: () => import('./revenue/revenue.page.tsx'),
  },
  {
    path: '/admin/billing/invoices/:id',
    title: 'Invoice of a partner',
    frame: 'app',
    permission: 'invoices:read-all',
    load: () => import('./revenue/partner-invoice.page.tsx'),
  },
  {
    path: '/admin/plans',
    title: 'Plans and prices',
    frame: 'app',
    permission: 'plan-versions:read',
    nav: { group: 'Administration', icon: 'tags' },
    words: 'price limits versions publish retire editor',
    load: () => import('./plan-editor/plan-versions.page.tsx'),
  },
  {
    path: '/admin/plans/:id',
    title: 'Plan version',
    frame: 'app',
    permission: 'plan-versions:read',
    load: () => import('./plan-editor/plan-version.page.tsx'),
  },
  {
    path: '/admin/audit',
    title: 'Audit',
    frame: 'app',
    permission: 'audit:read-all',
    nav: { group: 'Administration', icon: 'log' },
    words: 'log history who changed what export csv ndjson',
    load: () => import('./audit/admin-audit.page.tsx'),
  },
  {
    path: '/billing',
    title: 'Billing',
    frame: 'app',
    permission: 'billing:read',
    nav: { group: 'Account', icon: 'receipt' },
    words: 'plan subscription upgrade invoices payment cost price money',
    load: () => import('./billing/billing.page.tsx'),
  },
  {
    path: '/billing/plans',
    title: 'Plans',
    frame: 'app',
    permission: 'billing:read',
    words: 'upgrade downgrade prices compare',
    load: () => import('./billing/plans.page.tsx'),
  },
  {
    path: '/billing/invoices',
    title: 'Invoices',
    frame: 'app',
    permission: 'billing:read',
    words: 'bills pdf credit notes receipts',
    load: () => import('./billing/invoices.page.tsx'),
  },
  {
    path: '/billing/invoices/:id',
    title: 'Invoice',
    frame: 'app',
    permission: 'billing:read',
    load: () => import('./billing/invoice.page.tsx'),
  },
  {
    path: '/billing/credits',
    title: 'Credit',
    frame: 'app',
    permission: 'billing:read',
    words: 'top up prepaid promotional balance voucher',
    load: () => import('./billing/credits.page.tsx'),
  },
  {
    path: '/billing/profile',
    title: 'Billing profile',
    frame: 'app',
    permission: 'billing:read',
    words: 'company address tax vat gstin currency',
    load: () => import('./billing/profile.page.tsx'),
  },
  {
    path: '/audit',
    title: 'Audit log',
    frame: 'app',
    permission: 'audit:read',
    nav: { group: 'Account', icon: 'log' },
    words: 'history who changed what export csv ndjson security',
    load: () => import('./audit/audit.page.tsx'),
  },
  {
    path: '/settings/domains',
    title: 'Domains',
    frame: 'app',
    permission: 'domains:read',
    nav: { group: 'Account', icon: 'globe' },
    words: 'dns txt record verify ownership email addresses',
    load: () => import('./domains/domains.page.tsx'),
  },
  {
    path: '/settings/provisioning',
    title: 'Provisioning',
    frame: 'app',
    permission: 'scim:read',
    nav: { group: 'Account', icon: 'directory' },
    words: 'scim directory okta entra azure users groups tokens sync',
    load: () => import('./provisioning/provisioning.page.tsx'),
  },
  {
    path: '/settings/sso',
    title: 'Single sign-on',
    frame: 'app',
    permission: 'sso:read',
    nav: { group: 'Account', icon: 'sso' },
    words: 'sso oidc saml identity provider okta entra google workspace enforce',
    load: () => import('./sso/sso.page.tsx'),
  },
  {
    path: '/support-access',
    title: 'Support access',
    frame: 'app',
    permission: 'support-access:read',
    nav: { group: 'Account', icon: 'support' },
    words: 'impersonation grant revoke gridworks people',
    load: () => import('./support-access/support-access.page.tsx'),
  },
  {
    path: '/settings',
    title: 'Account',
    frame: 'app',
    nav: { group: 'Account', icon: 'person' },
    words: 'profile theme time zone sessions devices log out',
    load: () => import('./account/account.page.tsx'),
  },
  {
    path: '/settings/security',
    title: 'Security',
    frame: 'app',
    permission: 'second-factors:read',
    nav: { group: 'Account', icon: 'shield' },
    words: 'second factor two-factor authentication totp authenticator app passkeys recovery codes password',
    load: () => import('./security/security.page.tsx'),
  },
];
