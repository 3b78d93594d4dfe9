/**
 * Every action that the audit log knows, as `<object>.<past participle>`. A released name is not changed: entries keep it
 * for ever, and people search for it.
 */
export const AUDIT_ACTIONS = [
  'partner.registered',
  'partner.changed',
  'partner.suspended',
  'partner.resumed',
  'session.created',
  'session.ended',
  'session.all_ended',
  'session.proved',
  'session.recovered',
  'user.changed',
  'user.password_changed',
  'user.password_reset',
  'user.password_removed',
  'user.email_confirmed',
  'user.platform_role_changed',
  'member.role_changed',
  'member.removed',
  'member.left',
  'ownership.transferred',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'invitation.accepted',
  'role.created',
  'role.changed',
  'role.deleted',
  'domain.added',
  'domain.verified',
  'domain.lapsed',
  'domain.removed',
  'scim_token.created',
  'scim_token.revoked',
  'scim_user.created',
  'scim_user.changed',
  'scim_user.deleted',
  'scim_group.created',
  'scim_group.changed',
  'scim_group.deleted',
  'scim_group.mapped',
  'api_key.created',
  'api_key.changed',
  'api_key.imported',
  'api_key.revoked',
  'api_key.rotated',
  'explorer_key.created',
  'second_factor.added',
  'second_factor.removed',
  'recovery_codes.renewed',
  'passkey.added',
  'passkey.renamed',
  'passkey.removed',
  'application.created',
  'application.secret_rotated',
  'application.revoked',
  'application.access_decided',
  'application.access_removed',
  'signing_key.rotated',
  'external_identity.linked',
  'external_identity.removed',
  'sso_connection.created',
  'sso_connection.changed',
  'sso_connection.tested',
  'sso_connection.enforced',
  'sso_connection.stopped',
  'sso_connection.removed',
  'support_access.granted',
  'support_access.revoked',
  'impersonation.started',
  'impersonation.ended',
  'impersonation.called',
  'billing_profile.changed',
  'invoice.voided',
  'credit_note.issued',
  'subscription.changed',
  'subscription.canceled',
  'subscription.paused',
  'subscription.resumed',
  'ticket.opened',
  'ticket.transitioned',
  'payment.started',
  'payment.recorded',
  'payment.refunded',
  'payment_method.made_default',
  'payment_method.removed',
  'pause.created',
  'pause.removed',
  'verdict.decided',
  'pattern.removed',
  'breaker.set',
  'pool.set',
  'dead_letter.discarded',
  'dead_letter.replayed',
  'dead_letter.all_discarded',
  'dead_letter.all_replayed',
  'check.changed',
  'index_suggestion.approved',
  'index_suggestion.dismissed',
  'index_suggestion.dropped',
  'limit_override.set',
  'limit_override.removed',
  'credit.granted',
  'credit.voided',
  'top_up.ordered',
  'auto_top_up.set',
  'budget.set',
  'budget.removed',
  'plan_version.created',
  'plan_version.changed',
  'plan_version.removed',
  'plan_version.published',
  'plan_version.retired',
  'usage_event.corrected',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What the entry of a request says. */
export interface AuditEntryDeclaration {
  readonly action: AuditAction;
  /**
   * Where the id of the object is: `input.<member>`; `output.<member>`, with dots for inner members; `caller`, the
   * person who calls; or `credential`, the key or session of the call.
   */
  readonly object: `input.${string}` | `output.${string}` | 'caller' | 'credential';
  /**
   * Members of the input that the entry shows as the state after the act. Name neither secrets nor what customers
   * write. Default: none.
   */
  readonly shows?: readonly string[];
  /** Codes of refusals that leave an entry, too. Default: none, so that a caller cannot fill the log. */
  readonly refusals?: readonly string[];
}

/** Why a write leaves no entry. */
export interface NoAuditEntry {
  readonly none: string;
}

/** How a request is audited. */
export type AuditDeclaration = AuditEntryDeclaration | NoAuditEntry;

/** The kind of an action's object: `api_key` of `api_key.revoked`. */
export const objectKindOf = (action: AuditAction): string => action.slice(0, action.indexOf('.'));

/** The declaration of a request that leaves an entry; null for all others. */
export function auditedAs(contract: { readonly audit?: AuditDeclaration }): AuditEntryDeclaration | null {
  return contract.audit && 'action' in contract.audit ? contract.audit : null;
}
