import * as account from './auth/account.contracts.ts';
import * as accountMail from './auth/account-mail.contracts.ts';
import * as apiKeys from './auth/api-keys.contracts.ts';
import * as applications from './auth/applications.contracts.ts';
import * as audit from './auth/audit.contracts.ts';
import * as auth from './auth/auth.contracts.ts';
import * as authorizations from './auth/authorizations.contracts.ts';
import * as domains from './auth/domains.contracts.ts';
import * as explorerKey from './auth/explorer-key.contracts.ts';
import * as externalLogIn from './auth/external-log-in.contracts.ts';
import * as invitations from './auth/invitations.contracts.ts';
import * as leakedKeys from './auth/leaked-keys.contracts.ts';
import * as logIn from './auth/log-in.contracts.ts';
import * as members from './auth/members.contracts.ts';
import * as oauth from './auth/oauth.contracts.ts';
import * as passkey from './auth/passkey.contracts.ts';
import * as provisioning from './auth/provisioning.contracts.ts';
import * as roles from './auth/roles.contracts.ts';
import * as scim from './auth/scim.contracts.ts';
import * as secondFactor from './auth/second-factor.contracts.ts';
import * as sso from './auth/sso.contracts.ts';
import * as supportAccess from './auth/support-access.contracts.ts';
import * as suspension from './auth/suspension.contracts.ts';
import * as syntheticPartner from './auth/synthetic-partner.contracts.ts';
import * as adminBilling from './billing/admin-billing.contracts.ts';
import * as analytics from './billing/analytics.contracts.ts';
import * as billing from './billing/billing.contracts.ts';
import * as billingProfile from './billing/billing-profile.contracts.ts';
import * as budgets from './billing/budgets.contracts.ts';
import * as credits from './billing/credits.contracts.ts';
import * as demo from './billing/demo.contracts.ts';
import * as invoices from './billing/invoices.contracts.ts';
import * as limits from './billing/limits.contracts.ts';
import * as payments from './billing/payments.contracts.ts';
import * as planVersions from './billing/plan-versions.contracts.ts';
import * as reconciliation from './billing/reconciliation.contracts.ts';
import * as subscriptions from './billing/subscriptions.contracts.ts';
import * as usageEvents from './billing/usage-events.contracts.ts';
import type { EventContract, PublicRequestContract, RequestContract } from './contract/define-contract.ts';
import { addressOf } from './contract/http-face.ts';
import * as gateway from './gateway/gateway.contracts.ts';
import * as database from './healer/database.contracts.ts';
import * as deadLetters from './healer/dead-letters.contracts.ts';
import * as figures from './healer/figures.contracts.ts';
import * as healer from './healer/healer.contracts.ts';
import * as healing from './healer/healing.contracts.ts';
import * as pools from './healer/pools.contracts.ts';
import {
  breakerChanged,
  callQueued,
  errorCaptured,
  poolChanged,
} from './instance/instance-events.contracts.ts';
import * as checks from './monitor/checks.contracts.ts';
import * as forecasts from './monitor/forecasts.contracts.ts';
import * as metrics from './monitor/metrics.contracts.ts';
import * as monitor from './monitor/monitor.contracts.ts';
import * as status from './status/status.contracts.ts';
import * as support from './support/support.contracts.ts';

const all: unknown[] = [
  ...[
    auth,
    apiKeys,
    account,
    audit,
    supportAccess,
    suspension,
    accountMail,
    members,
    invitations,
    roles,
    domains,
    provisioning,
    scim,
    explorerKey,
    secondFactor,
    passkey,
    logIn,
    externalLogIn,
    sso,
    leakedKeys,
    applications,
    authorizations,
    oauth,
    syntheticPartner,
    billing,
    analytics,
    demo,
    invoices,
    billingProfile,
    subscriptions,
    payments,
    limits,
    credits,
    budgets,
    planVersions,
    adminBilling,
    usageEvents,
    reconciliation,
    gateway,
    healer,
    healing,
    figures,
    deadLetters,
    pools,
    database,
    monitor,
    checks,
    metrics,
    forecasts,
    status,
    support,
  ],
  ...[breakerChanged, callQueued, errorCaptured, poolChanged, audit.actRecorded],
].flatMap((owner) => Object.values(owner));
const isContract = (value: unknown): value is RequestContract | EventContract =>
  typeof value === 'object' && value !== null && 'type' in value && 'subject' in value && 'owner' in value;

/** Every request of the system. OpenAPI and the NATS allow-lists are made from it. */
export const REQUESTS: readonly RequestContract[] = all
  .filter(isContract)
  .filter((contract): contract is RequestContract => contract.type === 'request');

/** Every event of the system. AsyncAPI, the sweeper and the NATS allow-lists are made from it. */
export const EVENTS: readonly EventContract[] = all
  .filter(isContract)
  .filter((contract): contract is EventContract => contract.type === 'event');

const hasFace = (request: RequestContract): request is PublicRequestContract => request.http !== undefined;

/** Every request of the public API. */
export const PUBLIC_REQUESTS: readonly PublicRequestContract[] = REQUESTS.filter(hasFace);

/**
 * Throws when two requests have the same address, or two contracts the same subject. Called when this module
 * is loaded, so that no service starts with such contracts.
 */
export function assertDistinct(contracts: readonly (RequestContract | EventContract)[]): void {
  const claims = new Map<string, string>();
  const claim = (what: string, subject: string): void => {
    const other = claims.get(what);
    if (other !== undefined) throw new Error(`${what} is claimed by ${other} and by ${subject}`);
    claims.set(what, subject);
  };
  for (const contract of contracts) {
    claim(contract.subject, contract.subject);
    if (contract.type === 'request' && contract.http) claim(addressOf(contract.http), contract.subject);
  }
}

assertDistinct([...REQUESTS, ...EVENTS]);
