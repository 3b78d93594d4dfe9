import type { AuditEntry } from '@gridworks/sdk';

export type AuditAction = AuditEntry['action'];

/** What happened, in words. */
export const ACTION_WORDS: Readonly<Record<AuditAction, string>> = {
  'partner.registered': 'Partner registered',
  'partner.changed': 'Company changed',
  'partner.suspended': 'Partner suspended',
  'partner.resumed': 'Partner resumed',
  'session.created': 'Logged in',
  'session.ended': 'Session ended',
  'session.all_ended': 'Logged out everywhere',
  'session.proved': 'Proved again who they are',
  'session.recovered': 'Logged in with a recovery code',
  'user.changed': 'Profile changed',
  'user.password_changed': 'Password changed',
  'user.password_reset': 'Password reset',
  'user.password_removed': 'Password removed',
  'user.email_confirmed': 'Email address confirmed',
  'user.platform_role_changed': 'Role at GridWorks changed',
  'member.role_changed': 'Role of a member changed',
  'member.removed': 'Member removed',
  'member.left': 'Member left',
  'ownership.transferred': 'Ownership transferred',
  'invitation.created': 'Invitation sent',
  'invitation.resent': 'Invitation sent again',
  'invitation.revoked': 'Invitation revoked',
  'invitation.accepted': 'Invitation accepted',
  'role.created': 'Role created',
  'role.changed': 'Role changed',
  'role.deleted': 'Role deleted',
  'domain.added': 'Domain added',
  'domain.verified': 'Domain verified',
  'domain.lapsed': 'Domain no longer verified',
  'domain.removed': 'Domain removed',
  'scim_token.created': 'SCIM token created',
  'scim_token.revoked': 'SCIM token revoked',
  'scim_user.created': 'Person provisioned',
  'scim_user.changed': 'Provisioned person changed',
  'scim_user.deleted': 'Provisioned person removed',
  'scim_group.created': 'Group provisioned',
  'scim_group.changed': 'Provisioned group changed',
  'scim_group.deleted': 'Provisioned group deleted',
  'scim_group.mapped': 'Role of a group set',
  'api_key.created': 'API key created',
  'api_key.changed': 'API key changed',
  'api_key.imported': 'API keys imported',
  'api_key.revoked': 'API key revoked',
  'api_key.rotated': 'API key rotated',
  'explorer_key.created': 'Explorer key created',
  'second_factor.added': 'Authenticator app added',
  'second_factor.removed': 'Authenticator app removed',
  'recovery_codes.renewed': 'Recovery codes made anew',
  'passkey.added': 'Passkey added',
  'passkey.renamed': 'Passkey renamed',
  'passkey.removed': 'Passkey removed',
  'application.created': 'Application created',
  'application.secret_rotated': 'Secret of an application replaced',
  'application.revoked': 'Application revoked',
  'application.access_decided': 'Access of an application decided',
  'application.access_removed': 'Access of an application removed',
  'signing_key.rotated': 'Key of access tokens replaced',
  'external_identity.linked': 'Log-in at a provider added',
  'external_identity.removed': 'Log-in at a provider removed',
  'sso_connection.created': 'Single sign-on: connection added',
  'sso_connection.changed': 'Single sign-on: connection changed',
  'sso_connection.tested': 'Single sign-on: connection tested',
  'sso_connection.enforced': 'Single sign-on enforced',
  'sso_connection.stopped': 'Single sign-on turned off',
  'sso_connection.removed': 'Single sign-on: connection removed',
  'support_access.granted': 'Support access granted',
  'support_access.revoked': 'Support access revoked',
  'impersonation.started': 'Impersonation started',
  'impersonation.ended': 'Impersonation ended',
  'impersonation.called': 'Looked at by support',
  'billing_profile.changed': 'Billing profile changed',
  'invoice.voided': 'Invoice voided',
  'credit_note.issued': 'Credit note issued',
  'subscription.changed': 'Plan changed',
  'subscription.canceled': 'Subscription canceled',
  'subscription.paused': 'Subscription paused',
  'subscription.resumed': 'Subscription resumed',
  'ticket.opened': 'Ticket opened',
  'ticket.transitioned': 'Ticket transitioned',
  'payment.started': 'Payment started',
  'payment.recorded': 'Bank transfer recorded',
  'payment.refunded': 'Refund started',
  'payment_method.made_default': 'Default payment method changed',
  'payment_method.removed': 'Payment method removed',
  'pause.created': 'Pause created',
  'pause.removed': 'Pause removed',
  'verdict.decided': 'Model verdict decided',
  'pattern.removed': 'Pattern removed',
  'breaker.set': 'Breaker set',
  'pool.set': 'Connection pool set',
  'dead_letter.discarded': 'Dead letter discarded',
  'dead_letter.replayed': 'Dead letter replayed',
  'dead_letter.all_discarded': 'Dead letters of a consumer discarded',
  'dead_letter.all_replayed': 'Dead letters of a consumer replayed',
  'check.changed': 'Check changed',
  'index_suggestion.approved': 'Index approved',
  'index_suggestion.dismissed': 'Index suggestion dismissed',
  'index_suggestion.dropped': 'Index dropped',
  'limit_override.set': 'Limit set for a partner',
  'limit_override.removed': 'Limit of a partner removed',
  'credit.granted': 'Credit granted',
  'credit.voided': 'Credit taken back',
  'top_up.ordered': 'Credit ordered',
  'auto_top_up.set': 'Automatic top-up set',
  'budget.set': 'Budget set',
  'budget.removed': 'Budget removed',
  'plan_version.created': 'Plan version drafted',
  'plan_version.changed': 'Plan version changed',
  'plan_version.removed': 'Draft of a plan removed',
  'plan_version.published': 'Plan version published',
  'plan_version.retired': 'Plan version retired',
  'usage_event.corrected': 'Reported usage corrected',
};
export const ACTIONS = Object.keys(ACTION_WORDS) as AuditAction[];

/** Actions that a partner cannot have in its log. */
const OF_PLATFORM =
  /^(pause|verdict|pattern|breaker|pool|dead_letter|signing_key|check|index_suggestion|plan_version)\./;
export const PARTNER_ACTION_WORDS = Object.fromEntries(
  Object.entries(ACTION_WORDS).filter(([action]) => !OF_PLATFORM.test(action)),
) as Readonly<Record<AuditAction, string>>;

/** Who acted, in a few words: the id tells persons and keys apart. */
export function actorWords({ kind, id }: AuditEntry['actor']): string {
  if (id === null) return kind === 'anonymous' ? 'unknown person' : kind;
  return id;
}

/** A difference of one member. */
export interface Change {
  readonly member: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The members that the entry shows, with their values before and after as text; null: not there. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const members = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...members].map((member) => ({
    member,
    before: before && member in before ? textOf(before[member]) : null,
    after: after && member in after ? textOf(after[member]) : null,
  }));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
