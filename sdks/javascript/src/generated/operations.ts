// Generated from the contracts by sdks/javascript/generate/main.ts. `npm run check` fails when it is outdated.
import type { CallOptions } from '../caller.ts';
import type { PagedList } from '../pages.ts';

export interface AcceptedInvitation {
  readonly object: 'accepted_invitation';
  readonly user: User;
}
export interface ActiveSession {
  readonly object: 'active_session';
  readonly id: string;
  readonly kind: 'browser' | 'token';
  readonly created_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly user_agent: string | null;
  readonly network: string | null;
  readonly current: boolean;
}
export interface ApiKey {
  readonly object: 'api_key';
  readonly id: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly purpose: 'program' | 'explorer';
  readonly last4: string;
  readonly imported: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly scopes: readonly string[] | null;
  readonly allowed_networks: readonly string[];
  readonly limits: readonly {
    readonly name: string;
    readonly quota: number;
    readonly window_s: number;
  }[];
  readonly expires_at: string | null;
  readonly replaced_at: string | null;
  readonly revoked_at: string | null;
  readonly leaked_at: string | null;
}
export interface ApiKeyImport {
  readonly object: 'api_key_import';
  readonly imported: number;
  readonly api_key_ids: readonly string[];
}
export interface ApiKeyRotation {
  readonly object: 'api_key_rotation';
  readonly api_key: {
    readonly object: 'api_key';
    readonly id: string;
    readonly name: string;
    readonly mode: 'live' | 'test';
    readonly purpose: 'program' | 'explorer';
    readonly last4: string;
    readonly imported: boolean;
    readonly created_by: string;
    readonly created_at: string;
    readonly scopes: readonly string[] | null;
    readonly allowed_networks: readonly string[];
    readonly limits: readonly {
      readonly name: string;
      readonly quota: number;
      readonly window_s: number;
    }[];
    readonly expires_at: string | null;
    readonly replaced_at: string | null;
    readonly revoked_at: string | null;
    readonly leaked_at: string | null;
    readonly key: string;
  };
  readonly replaced: ApiKey;
}
export interface Application {
  readonly object: 'application';
  readonly id: string;
  readonly name: string;
  readonly kind: 'service' | 'web' | 'native';
  readonly redirect_uris: readonly string[];
  readonly scopes: readonly string[];
  readonly secret_last4: string | null;
  readonly old_secret_expires_at: string | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}
export interface ApplicationAccess {
  readonly object: 'application_access';
  readonly id: string;
  readonly removed: true;
}
export interface AuditEntry {
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly at: string;
  readonly partner_id: string | null;
  readonly actor: {
    readonly kind: 'person' | 'api_key' | 'service_account' | 'scim_token' | 'anonymous' | 'service';
    readonly id: string | null;
    readonly role:
      | 'owner'
      | 'admin'
      | 'developer'
      | 'billing'
      | 'support'
      | 'viewer'
      | 'custom'
      | 'platform_admin'
      | 'platform_sre'
      | 'platform_support'
      | 'platform_auditor'
      | 'none';
    readonly impersonator: string | null;
  };
  readonly action:
    | 'partner.registered'
    | 'partner.changed'
    | 'partner.suspended'
    | 'partner.resumed'
    | 'session.created'
    | 'session.ended'
    | 'session.all_ended'
    | 'session.proved'
    | 'session.recovered'
    | 'user.changed'
    | 'user.password_changed'
    | 'user.password_reset'
    | 'user.password_removed'
    | 'user.email_confirmed'
    | 'user.platform_role_changed'
    | 'member.role_changed'
    | 'member.removed'
    | 'member.left'
    | 'ownership.transferred'
    | 'invitation.created'
    | 'invitation.resent'
    | 'invitation.revoked'
    | 'invitation.accepted'
    | 'role.created'
    | 'role.changed'
    | 'role.deleted'
    | 'domain.added'
    | 'domain.verified'
    | 'domain.lapsed'
    | 'domain.removed'
    | 'scim_token.created'
    | 'scim_token.revoked'
    | 'scim_user.created'
    | 'scim_user.changed'
    | 'scim_user.deleted'
    | 'scim_group.created'
    | 'scim_group.changed'
    | 'scim_group.deleted'
    | 'scim_group.mapped'
    | 'api_key.created'
    | 'api_key.changed'
    | 'api_key.imported'
    | 'api_key.revoked'
    | 'api_key.rotated'
    | 'explorer_key.created'
    | 'second_factor.added'
    | 'second_factor.removed'
    | 'recovery_codes.renewed'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'application.created'
    | 'application.secret_rotated'
    | 'application.revoked'
    | 'application.access_decided'
    | 'application.access_removed'
    | 'signing_key.rotated'
    | 'external_identity.linked'
    | 'external_identity.removed'
    | 'sso_connection.created'
    | 'sso_connection.changed'
    | 'sso_connection.tested'
    | 'sso_connection.enforced'
    | 'sso_connection.stopped'
    | 'sso_connection.removed'
    | 'support_access.granted'
    | 'support_access.revoked'
    | 'impersonation.started'
    | 'impersonation.ended'
    | 'impersonation.called'
    | 'billing_profile.changed'
    | 'invoice.voided'
    | 'credit_note.issued'
    | 'subscription.changed'
    | 'subscription.canceled'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'ticket.opened'
    | 'ticket.transitioned'
    | 'payment.started'
    | 'payment.recorded'
    | 'payment.refunded'
    | 'payment_method.made_default'
    | 'payment_method.removed'
    | 'pause.created'
    | 'pause.removed'
    | 'verdict.decided'
    | 'pattern.removed'
    | 'breaker.set'
    | 'pool.set'
    | 'dead_letter.discarded'
    | 'dead_letter.replayed'
    | 'dead_letter.all_discarded'
    | 'dead_letter.all_replayed'
    | 'check.changed'
    | 'index_suggestion.approved'
    | 'index_suggestion.dismissed'
    | 'index_suggestion.dropped'
    | 'limit_override.set'
    | 'limit_override.removed'
    | 'credit.granted'
    | 'credit.voided'
    | 'top_up.ordered'
    | 'auto_top_up.set'
    | 'budget.set'
    | 'budget.removed'
    | 'plan_version.created'
    | 'plan_version.changed'
    | 'plan_version.removed'
    | 'plan_version.published'
    | 'plan_version.retired'
    | 'usage_event.corrected';
  readonly object_id: string | null;
  readonly before: {
    readonly [key: string]: unknown;
  } | null;
  readonly after: {
    readonly [key: string]: unknown;
  } | null;
  readonly outcome: 'done' | 'refused';
  readonly code: string | null;
  readonly request_id: string;
  readonly network: string | null;
  readonly user_agent: string | null;
  readonly object: 'audit_entry';
  readonly id: string;
  readonly object_kind: string;
  readonly chain: string;
  readonly sequence: number;
  readonly recorded_at: string;
  readonly hash: string;
  readonly previous_hash: string;
}
export interface Authorization {
  readonly object: 'authorization';
  readonly uid: string;
  readonly application: {
    readonly id: string;
    readonly name: string;
  };
  readonly partner: Partner;
  readonly scopes: readonly string[];
  readonly granted: readonly string[];
  readonly identity: boolean;
  readonly remembered: boolean;
  readonly returns_to: string;
}
export interface AuthorizationDecision {
  readonly object: 'authorization_decision';
  readonly application_id: string;
  readonly accepted: boolean;
  readonly redirect_to: string;
}
export interface AutoTopUp {
  readonly object: 'auto_top_up';
  readonly partner_id: string;
  readonly currency: string;
  readonly is_on: boolean;
  readonly threshold: number;
  readonly amount: number;
  readonly monthly_limit: number;
  readonly ordered_this_month: number;
}
export interface BillingProfile {
  readonly object: 'billing_profile';
  readonly partner_id: string;
  readonly legal_name: string | null;
  readonly address_lines: readonly string[];
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly country: string | null;
  readonly state: string | null;
  readonly tax_id: string | null;
  readonly currency: string;
  readonly locale: string;
  readonly time_zone: string;
  readonly email: string | null;
  readonly missing: readonly ('legal_name' | 'address_lines' | 'city' | 'country' | 'email')[];
  readonly updated_at: string | null;
}
export interface Breaker {
  readonly object: 'breaker';
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly instance: string;
  readonly breaker: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly mode: 'auto' | 'open' | 'closed';
  readonly reason: string;
  readonly since: string;
  readonly reopens_at: string | null;
  readonly consecutive_failures: number;
  readonly opened_total: number;
}
export interface BrowserSession {
  readonly object: 'browser_session';
  readonly id: string;
  readonly revoked_at: string;
}
export interface Budget {
  readonly object: 'budget';
  readonly partner_id: string;
  readonly deleted: true;
}
export interface CallSeries {
  readonly object: 'call_series';
  readonly from: string;
  readonly to: string;
  readonly step: 'hour' | 'day';
  readonly times: readonly string[];
  readonly counted_until: string;
  readonly by: 'all' | 'key' | 'operation' | 'status';
  readonly total_calls: number;
  readonly series: readonly {
    readonly value: string;
    readonly total_calls: number;
    readonly calls: readonly number[];
  }[];
  readonly other: {
    readonly total_calls: number;
    readonly calls: readonly number[];
  } | null;
}
export interface Check {
  readonly object: 'check';
  readonly name: string;
  readonly type: 'api' | 'database' | 'cache' | 'bus' | 'queue' | 'external' | 'business';
  readonly target: string;
  readonly about: string;
  readonly threshold: {
    readonly response_time_ms: number;
    readonly error_rate: number;
    readonly success_rate: number;
  };
  readonly interval_ms: number;
  readonly interval_bounds: {
    readonly min_ms: number;
    readonly max_ms: number;
  };
  readonly timeout_ms: number;
  readonly retries: number;
  readonly hysteresis: {
    readonly fails: number;
    readonly passes: number;
  };
  readonly dependencies: readonly string[];
  readonly can_be_muted: boolean;
  readonly state:
    | 'passing'
    | 'degraded'
    | 'failing'
    | 'silenced'
    | 'muted'
    | 'disabled'
    | 'not_configured'
    | 'unknown';
  readonly since: string;
  readonly enabled: boolean;
  readonly muted_until: string | null;
  readonly silenced_by: readonly string[];
  readonly last_run: {
    readonly at: string;
    readonly passed: boolean;
    readonly response_time_ms: number | null;
    readonly detail: string | null;
    readonly step: 'login' | 'call' | 'count' | null;
    readonly attempts: number;
  } | null;
  readonly runs: readonly {
    readonly at: string;
    readonly passed: boolean;
    readonly response_time_ms: number | null;
    readonly detail: string | null;
    readonly step: 'login' | 'call' | 'count' | null;
    readonly attempts: number;
  }[];
  readonly error_rate: number | null;
  readonly success_rate: number | null;
  readonly next_run_at: string | null;
  readonly changed_at: string | null;
  readonly changed_by: string | null;
}
export interface CheckChange {
  readonly object: 'check_change';
  readonly id: string;
  readonly check: string;
  readonly changed_by: string;
  readonly changed_at: string;
  readonly before: {
    readonly threshold: {
      readonly response_time_ms: number;
      readonly error_rate: number;
      readonly success_rate: number;
    };
    readonly interval_ms: number;
    readonly enabled: boolean;
    readonly muted_until: string | null;
  };
  readonly after: {
    readonly threshold: {
      readonly response_time_ms: number;
      readonly error_rate: number;
      readonly success_rate: number;
    };
    readonly interval_ms: number;
    readonly enabled: boolean;
    readonly muted_until: string | null;
  };
}
export interface CheckRun {
  readonly object: 'check_run';
  readonly run: {
    readonly at: string;
    readonly passed: boolean;
    readonly response_time_ms: number | null;
    readonly detail: string | null;
    readonly step: 'login' | 'call' | 'count' | null;
    readonly attempts: number;
  };
  readonly check: Check;
}
export interface Checks {
  readonly object: 'checks';
  readonly observed_at: string;
  readonly offline_since: string | null;
  readonly checks: readonly Check[];
}
export interface CompletedLogIn {
  readonly object: 'completed_log_in';
  readonly session: {
    readonly object: 'browser_session';
    readonly id: string;
    readonly created_at: string;
    readonly expires_at: string;
    readonly ends_at: string;
    readonly csrf_token: string;
    readonly partner: Partner | null;
    readonly role:
      | 'owner'
      | 'admin'
      | 'developer'
      | 'billing'
      | 'support'
      | 'viewer'
      | 'custom'
      | 'platform_admin'
      | 'platform_sre'
      | 'platform_support'
      | 'platform_auditor'
      | 'none';
    readonly permissions: readonly string[] | null;
    readonly user: User;
    readonly impersonation?: {
      readonly access: 'read' | 'write';
      readonly reason: string;
      readonly expires_at: string;
    };
    readonly sso?: {
      readonly connection_id: string;
      readonly name: string;
    };
  } | null;
  readonly sign_up: {
    readonly email: string;
    readonly name: string | null;
    readonly provider_name: string;
    readonly expires_at: string;
  } | null;
  readonly return_to: string | null;
}
export interface CreditBalance {
  readonly object: 'credit_balance';
  readonly balances: readonly {
    readonly currency: string;
    readonly prepaid: number;
    readonly promotional: number;
    readonly total: number;
    readonly next_expiry: {
      readonly amount: number;
      readonly at: string;
    } | null;
  }[];
}
export interface CreditGrant {
  readonly object: 'credit_grant';
  readonly id: string;
  readonly kind: 'prepaid' | 'promotional';
  readonly status: 'active' | 'used' | 'expired' | 'voided';
  readonly currency: string;
  readonly amount: number;
  readonly remaining: number;
  readonly expires_at: string | null;
  readonly reason: string;
  readonly invoice_id: string | null;
  readonly granted_at: string;
}
export interface CreditMovement {
  readonly object: 'credit_movement';
  readonly id: string;
  readonly grant_id: string;
  readonly kind: 'granted' | 'burned' | 'returned' | 'expired' | 'voided';
  readonly amount: number;
  readonly currency: string;
  readonly invoice_id: string | null;
  readonly at: string;
}
export interface DeadLetter {
  readonly object: 'dead_letter';
  readonly id: string;
  readonly event_id: string;
  readonly subject: string;
  readonly consumer: string;
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly partner_id: string | null;
  readonly reason: string;
  readonly deliveries: number;
  readonly first_failed_at: string;
  readonly last_failed_at: string;
  readonly state: 'waiting' | 'replaying' | 'replayed' | 'discarded';
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly settled_at: string | null;
}
export interface DemoSession {
  readonly object: 'demo_session';
  readonly id: string;
  readonly status: 'ready' | 'broken' | 'healing' | 'healed' | 'failed';
  readonly created_at: string;
  readonly expires_at: string;
  readonly calls: {
    readonly made: number;
    readonly responded: number;
    readonly repeated: number;
    readonly lost: number;
  };
  readonly timeline: readonly {
    readonly at: string;
    readonly kind: 'injected' | 'observed' | 'decided' | 'acted' | 'verified' | 'escalated';
    readonly text: string;
  }[];
}
export interface Domain {
  readonly object: 'domain';
  readonly id: string;
  readonly removed: true;
}
export interface EmailConfirmation {
  readonly object: 'email_confirmation';
  readonly email: string;
  readonly confirmed_at: string;
}
export interface EndedSessions {
  readonly object: 'ended_sessions';
  readonly ended: number;
}
export interface Experiment {
  readonly object: 'experiment';
  readonly name: string;
  readonly does: string;
  readonly targets:
    | 'services'
    | 'replaceable'
    | 'database-users'
    | 'auth'
    | 'billing'
    | 'nats'
    | 'postgres'
    | 'redis'
    | 'nobody';
  readonly blast_radius: string;
  readonly results: readonly {
    readonly target: string | null;
    readonly at: string;
    readonly outcome: 'healed' | 'escalated' | 'open';
    readonly incident_id: string;
    readonly detect_ms: number | null;
    readonly heal_ms: number | null;
  }[];
}
export interface ExternalIdentity {
  readonly object: 'external_identity';
  readonly id: string;
  readonly provider: string;
  readonly provider_name: string;
  readonly email: string | null;
  readonly linked_at: string;
  readonly last_used_at: string | null;
}
export interface Forecast {
  readonly object: 'forecast';
  readonly resource: 'disk' | 'memory' | 'connections' | 'stream';
  readonly component: string;
  readonly unit: 'bytes' | 'count';
  readonly now: number;
  readonly limit: number;
  readonly full_at: string | null;
  readonly confidence: number;
  readonly preventive: boolean;
  readonly observed_at: string;
}
export interface HealingAction {
  readonly id: string;
  readonly remedy:
    | 'platform.ensure-running'
    | 'platform.restart'
    | 'platform.replace'
    | 'instance.reset-connections'
    | 'instance.clear-cache'
    | 'instance.drain-and-exit'
    | 'postgres.end-statement'
    | 'postgres.end-session'
    | 'disk.remove-temporary-files'
    | 'disk.compress-logs'
    | 'disk.remove-old-logs'
    | 'observe-only'
    | 'page-human';
  readonly target: {
    readonly kind: 'service' | 'server';
    readonly name:
      | 'gateway'
      | 'auth'
      | 'billing'
      | 'support'
      | 'monitor'
      | 'healer'
      | 'postgres'
      | 'nats'
      | 'redis';
    readonly process: string;
  };
  readonly state: 'intended' | 'done' | 'failed' | 'unknown' | 'suggested';
  readonly epoch: number;
  readonly intended_at: string;
  readonly ended_at: string | null;
  readonly outcome: string | null;
  readonly object: 'healing_action';
  readonly incident_id: string;
  readonly incident_title: string;
  readonly incident_status: 'open' | 'acting' | 'verifying' | 'resolved' | 'escalated';
  readonly decided_by: 'pattern' | 'rule' | 'playbook' | 'model' | 'human' | null;
  readonly rule: string | null;
}
export interface HealingStats {
  readonly object: 'healing_stats';
  readonly window: '24h' | '7d' | '30d';
  readonly from: string;
  readonly observed_at: string;
  readonly incidents: number;
  readonly open: number;
  readonly auto_resolved: number;
  readonly escalated: number;
  readonly success_rate: number | null;
  readonly time_to_detect: {
    readonly p50_ms: number | null;
    readonly p95_ms: number | null;
  };
  readonly time_to_heal: {
    readonly p50_ms: number | null;
    readonly p95_ms: number | null;
  };
  readonly by_decider: readonly {
    readonly decider: 'pattern' | 'rule' | 'playbook' | 'model' | 'human' | null;
    readonly incidents: number;
    readonly auto_resolved: number;
    readonly escalated: number;
  }[];
  readonly by_remedy: readonly {
    readonly remedy:
      | 'platform.ensure-running'
      | 'platform.restart'
      | 'platform.replace'
      | 'instance.reset-connections'
      | 'instance.clear-cache'
      | 'instance.drain-and-exit'
      | 'postgres.end-statement'
      | 'postgres.end-session'
      | 'disk.remove-temporary-files'
      | 'disk.compress-logs'
      | 'disk.remove-old-logs'
      | 'observe-only'
      | 'page-human';
    readonly done: number;
    readonly failed: number;
    readonly other: number;
  }[];
  readonly by_strategy: readonly {
    readonly strategy:
      | 'RETRY_WITH_BACKOFF'
      | 'FALLBACK_TO_CACHE'
      | 'SWITCH_API_ENDPOINT'
      | 'CLEAR_CACHE_AND_RETRY'
      | 'RESET_CONNECTION'
      | 'USE_DEFAULT_VALUE'
      | 'SKIP_OPERATION'
      | 'QUEUE_FOR_LATER'
      | 'ROLLBACK_TRANSACTION'
      | 'RATE_LIMIT_BACKOFF'
      | 'ESCALATE';
    readonly healed: number;
    readonly failed: number;
  }[];
  readonly errors: {
    readonly caught: number;
    readonly healed: number;
  };
  readonly prevented: {
    readonly pool_recoveries: number;
    readonly replacements: number;
    readonly sessions_ended: number;
    readonly retries_that_helped: number;
  };
  readonly model: {
    readonly verdicts: number;
    readonly agreed: number;
    readonly rejected: number;
    readonly promoted: number;
    readonly demoted: number;
  };
}
export interface HealthHistory {
  readonly object: 'health_history';
  readonly component: string;
  readonly step: 'hour' | 'day' | 'minute';
  readonly from: string;
  readonly to: string;
  readonly observed_at: string;
  readonly steps: readonly {
    readonly at: string;
    readonly up: number;
    readonly degraded: number;
    readonly down: number;
    readonly unknown: number;
    readonly p50_ms: number | null;
    readonly p95_ms: number | null;
  }[];
}
export interface Identity {
  readonly object: 'identity';
  readonly principal: {
    readonly kind:
      | 'api_key'
      | 'session'
      | 'service_account'
      | 'application'
      | 'scim_token'
      | 'anonymous'
      | 'system';
    readonly id: string;
    readonly partner_id: string | null;
    readonly user_id: string | null;
    readonly role:
      | 'owner'
      | 'admin'
      | 'developer'
      | 'billing'
      | 'support'
      | 'viewer'
      | 'custom'
      | 'platform_admin'
      | 'platform_sre'
      | 'platform_support'
      | 'platform_auditor'
      | 'none';
    readonly permissions?: readonly string[];
    readonly mode: 'live' | 'test' | null;
    readonly impersonator?: string;
    readonly sso_connection_id?: string;
    readonly access?: 'read' | 'write';
    readonly authenticated_at?: string;
    readonly second_factor_missing?: true;
  };
  readonly partner: Partner | null;
  readonly user: User | null;
}
export interface Impersonation {
  readonly object: 'impersonation';
  readonly id: string;
  readonly ended_at: string;
}
export interface Incident {
  readonly object: 'incident';
  readonly id: string;
  readonly status: 'open' | 'acting' | 'verifying' | 'resolved' | 'escalated';
  readonly title: string;
  readonly cause: {
    readonly signal:
      | 'instance.unresponsive'
      | 'instance.restarted'
      | 'instance.not-ready'
      | 'instance.stalled'
      | 'connections.lost'
      | 'server.unresponsive'
      | 'server.restarted'
      | 'server.not-storing'
      | 'server.read-only'
      | 'database.lock-pile-up'
      | 'database.damaged'
      | 'billing.differs'
      | 'database.slow-statement'
      | 'http.unresponsive'
      | 'dead-letters.present'
      | 'gateway.overloaded'
      | 'disk.filling'
      | 'clock.skewed'
      | 'requests.failing'
      | 'requests.slow'
      | 'throughput.low'
      | 'cache.missing'
      | 'connections.filling'
      | 'cpu.saturated'
      | 'memory.filling'
      | 'frontend.failing'
      | 'consumer.lagging'
      | 'consumer.stalled'
      | 'stream.filling'
      | 'pool.exhausting'
      | 'anomaly.persists'
      | 'pauses.unreadable'
      | 'state.unreadable'
      | 'platform.away'
      | 'external.unresponsive'
      | 'business.failing'
      | 'errors.captured';
    readonly target: {
      readonly kind: 'service' | 'server';
      readonly name:
        | 'gateway'
        | 'auth'
        | 'billing'
        | 'support'
        | 'monitor'
        | 'healer'
        | 'postgres'
        | 'nats'
        | 'redis';
      readonly process: string;
    };
  };
  readonly began_at: string;
  readonly observed_at: string;
  readonly resolved_at: string | null;
  readonly decided_by: 'pattern' | 'rule' | 'playbook' | 'model' | 'human' | null;
  readonly rule: string | null;
  readonly actions: readonly {
    readonly id: string;
    readonly remedy:
      | 'platform.ensure-running'
      | 'platform.restart'
      | 'platform.replace'
      | 'instance.reset-connections'
      | 'instance.clear-cache'
      | 'instance.drain-and-exit'
      | 'postgres.end-statement'
      | 'postgres.end-session'
      | 'disk.remove-temporary-files'
      | 'disk.compress-logs'
      | 'disk.remove-old-logs'
      | 'observe-only'
      | 'page-human';
    readonly target: {
      readonly kind: 'service' | 'server';
      readonly name:
        | 'gateway'
        | 'auth'
        | 'billing'
        | 'support'
        | 'monitor'
        | 'healer'
        | 'postgres'
        | 'nats'
        | 'redis';
      readonly process: string;
    };
    readonly state: 'intended' | 'done' | 'failed' | 'unknown' | 'suggested';
    readonly epoch: number;
    readonly intended_at: string;
    readonly ended_at: string | null;
    readonly outcome: string | null;
  }[];
  readonly symptoms: readonly {
    readonly id: string;
    readonly signal:
      | 'instance.unresponsive'
      | 'instance.restarted'
      | 'instance.not-ready'
      | 'instance.stalled'
      | 'connections.lost'
      | 'server.unresponsive'
      | 'server.restarted'
      | 'server.not-storing'
      | 'server.read-only'
      | 'database.lock-pile-up'
      | 'database.damaged'
      | 'billing.differs'
      | 'database.slow-statement'
      | 'http.unresponsive'
      | 'dead-letters.present'
      | 'gateway.overloaded'
      | 'disk.filling'
      | 'clock.skewed'
      | 'requests.failing'
      | 'requests.slow'
      | 'throughput.low'
      | 'cache.missing'
      | 'connections.filling'
      | 'cpu.saturated'
      | 'memory.filling'
      | 'frontend.failing'
      | 'consumer.lagging'
      | 'consumer.stalled'
      | 'stream.filling'
      | 'pool.exhausting'
      | 'anomaly.persists'
      | 'pauses.unreadable'
      | 'state.unreadable'
      | 'platform.away'
      | 'external.unresponsive'
      | 'business.failing';
    readonly target: {
      readonly kind: 'service' | 'server';
      readonly name:
        | 'gateway'
        | 'auth'
        | 'billing'
        | 'support'
        | 'monitor'
        | 'healer'
        | 'postgres'
        | 'nats'
        | 'redis';
      readonly process: string;
    };
    readonly state: 'firing' | 'cleared';
    readonly began_at: string;
    readonly observed_at: string;
    readonly suspects: readonly (
      | 'gateway'
      | 'auth'
      | 'billing'
      | 'support'
      | 'monitor'
      | 'healer'
      | 'postgres'
      | 'nats'
      | 'redis'
    )[];
    readonly evidence: {
      readonly [key: string]: unknown;
    };
  }[];
  readonly errors: readonly {
    readonly fingerprint: string;
    readonly source: string;
    readonly dependency: string | null;
    readonly category: 'database' | 'api' | 'runtime' | 'performance';
    readonly criticality: 'critical' | 'normal' | 'optional';
    readonly kind: string;
    readonly transient: boolean;
    readonly strategy:
      | 'RETRY_WITH_BACKOFF'
      | 'FALLBACK_TO_CACHE'
      | 'SWITCH_API_ENDPOINT'
      | 'CLEAR_CACHE_AND_RETRY'
      | 'RESET_CONNECTION'
      | 'USE_DEFAULT_VALUE'
      | 'SKIP_OPERATION'
      | 'QUEUE_FOR_LATER'
      | 'ROLLBACK_TRANSACTION'
      | 'RATE_LIMIT_BACKOFF'
      | 'ESCALATE';
    readonly decided_by: 'pattern' | 'rule' | 'model' | 'none';
    readonly confidence: number;
    readonly why: string;
    readonly rule: string;
    readonly steps: readonly {
      readonly strategy:
        | 'RETRY_WITH_BACKOFF'
        | 'FALLBACK_TO_CACHE'
        | 'SWITCH_API_ENDPOINT'
        | 'CLEAR_CACHE_AND_RETRY'
        | 'RESET_CONNECTION'
        | 'USE_DEFAULT_VALUE'
        | 'SKIP_OPERATION'
        | 'QUEUE_FOR_LATER'
        | 'ROLLBACK_TRANSACTION'
        | 'RATE_LIMIT_BACKOFF'
        | 'ESCALATE';
      readonly outcome: 'healed' | 'failed' | 'skipped';
      readonly why: string;
      readonly duration_ms: number;
    }[];
    readonly count: number;
    readonly healed: number;
    readonly outcomes: {
      readonly [key: string]: {
        readonly healed: number;
        readonly failed: number;
      };
    };
    readonly first_at: string;
    readonly last_at: string;
    readonly process: string;
    readonly error: {
      readonly name: string;
      readonly code: string | null;
      readonly message: string;
    };
  }[];
  readonly timeline: readonly {
    readonly at: string;
    readonly what:
      | 'began'
      | 'observed'
      | 'joined'
      | 'decided'
      | 'guarded'
      | 'intended'
      | 'acted'
      | 'verifying'
      | 'verified'
      | 'not-verified'
      | 'resolved'
      | 'escalated'
      | 'notified'
      | 'reopened';
    readonly text: string;
  }[];
  readonly mailed_at: string | null;
  readonly trace_id: string | null;
  readonly experiment: string | null;
  readonly recurring: boolean;
  readonly revision: number;
}
export interface IndexSuggestion {
  readonly object: 'index_suggestion';
  readonly id: string;
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly table: string;
  readonly columns: readonly {
    readonly name: string;
    readonly descending: boolean;
  }[];
  readonly index: string;
  readonly state: 'suggested' | 'dismissed' | 'building' | 'built' | 'failed' | 'dropping' | 'dropped';
  readonly evidence: {
    readonly rows: number;
    readonly bytes: number;
    readonly index_bytes: number;
    readonly rows_written: number;
    readonly statement: {
      readonly id: string;
      readonly shape: string;
      readonly calls: number;
      readonly mean_ms: number;
      readonly total_ms: number;
      readonly rows_returned: number;
    };
    readonly other_statements: number;
    readonly rows_read: number | null;
    readonly plan: {
      readonly cost: number;
      readonly lines: readonly string[];
    };
    readonly trial: {
      readonly sample_rows: number;
      readonly cost_without: number;
      readonly cost_with: number;
      readonly factor: number;
      readonly plan: {
        readonly cost: number;
        readonly lines: readonly string[];
      };
    };
  };
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly progress: {
    readonly phase: string;
    readonly share: number | null;
  } | null;
  readonly result: {
    readonly built_at: string;
    readonly plan: {
      readonly cost: number;
      readonly lines: readonly string[];
    } | null;
    readonly before: {
      readonly calls: number;
      readonly mean_ms: number;
    };
    readonly after: {
      readonly calls: number;
      readonly mean_ms: number;
    } | null;
    readonly scans: number;
    readonly unused: boolean;
  } | null;
  readonly timeline: readonly {
    readonly at: string;
    readonly by: string;
    readonly text: string;
  }[];
}
export interface Invitation {
  readonly object: 'invitation';
  readonly id: string;
  readonly revoked: true;
}
export interface InvitationLetter {
  readonly object: 'invitation_letter';
  readonly email: string;
  readonly partner_name: string | null;
  readonly role_name: string;
  readonly invited_by: string;
  readonly expires_at: string;
  readonly has_account: boolean;
}
export interface Invoice {
  readonly object: 'invoice';
  readonly id: string;
  readonly type: 'invoice' | 'credit_note';
  readonly status: 'draft' | 'finalized' | 'voided';
  readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
  readonly number: string | null;
  readonly currency: string;
  readonly issued_on: string;
  readonly due_on: string | null;
  readonly period: {
    readonly from: string;
    readonly to: string;
  } | null;
  readonly corrects: string | null;
  readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
  readonly total: number;
  readonly due: number;
  readonly created_at: string;
}
export interface InvoiceBalance {
  readonly object: 'invoice_balance';
  readonly invoice_id: string;
  readonly currency: string;
  readonly due: number;
  readonly credited: number;
  readonly paid: number;
  readonly left: number;
  readonly dunning: {
    readonly status: 'open' | 'overdue' | 'recovered' | 'closed';
    readonly started_at: string;
    readonly next_at: string | null;
    readonly grace_ends_at: string;
  } | null;
}
export interface InvoicePdf {
  readonly object: 'invoice_pdf';
  readonly file_name: string;
  readonly base64: string;
}
export interface InvoicePreview {
  readonly object: 'invoice_preview';
  readonly currency: string;
  readonly period: {
    readonly from: string;
    readonly to: string;
  } | null;
  readonly tax: {
    readonly treatment: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
    readonly inclusive: boolean;
    readonly note: string | null;
    readonly place_of_supply: string | null;
    readonly components: readonly {
      readonly name: string;
      readonly rate: string;
      readonly amount: number;
    }[];
  };
  readonly lines: readonly {
    readonly description: string;
    readonly detail: string | null;
    readonly quantity: number;
    readonly unit_amount: string;
    readonly amount: number;
    readonly net: number;
    readonly taxes: readonly number[];
  }[];
  readonly net: number;
  readonly total: number;
  readonly credits: number;
  readonly due: number;
}
export interface LatencySeries {
  readonly object: 'latency_series';
  readonly from: string;
  readonly to: string;
  readonly step: 'hour' | 'day';
  readonly times: readonly string[];
  readonly counted_until: string;
  readonly calls: readonly number[];
  readonly p50_ms: readonly (number | null)[];
  readonly p95_ms: readonly (number | null)[];
}
export interface LimitOverride {
  readonly object: 'limit_override';
  readonly id: string;
  readonly name: 'burst' | 'daily';
  readonly deleted: true;
}
export interface LogInAttempt {
  readonly object: 'log_in_attempt';
  readonly authorization_url: string;
  readonly expires_at: string;
}
export interface LogInChallenge {
  readonly object: 'log_in_challenge';
  readonly token: string;
  readonly expires_at: string;
  readonly methods: readonly ('totp' | 'passkey' | 'recovery_code')[];
  readonly public_key: {
    readonly challenge: string;
    readonly timeout: number;
    readonly rpId: string;
    readonly allowCredentials: readonly {
      readonly id: string;
      readonly type: 'public-key';
      readonly transports?: readonly string[];
    }[];
    readonly userVerification: 'required';
  } | null;
}
export interface LogInProvider {
  readonly object: 'log_in_provider';
  readonly id: string;
  readonly kind: 'google' | 'github' | 'oidc';
  readonly name: string;
}
export interface Member {
  readonly object: 'member';
  readonly id: string;
  readonly removed: true;
}
export interface Membership {
  readonly object: 'membership';
  readonly id: string;
  readonly removed: true;
}
export interface Metrics {
  readonly object: 'metrics';
  readonly observed_at: string;
  readonly kept_since: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly step: number | null;
  readonly series: readonly {
    readonly name: string;
    readonly component: string;
    readonly metric: string;
    readonly contract: string | null;
    readonly unit: 'ms' | 'per second' | 'bytes' | 'count' | 'ratio';
    readonly meaning: string;
    readonly fold: 'mean' | 'max' | 'min';
    readonly last: {
      readonly at: string;
      readonly value: number;
    } | null;
    readonly values?: readonly (number | null)[];
  }[];
}
export interface NextInvoice {
  readonly object: 'next_invoice';
  readonly at: string | null;
  readonly invoice: InvoicePreview | null;
  readonly counted_until: string;
}
export interface Onboarding {
  readonly object: 'onboarding';
  readonly steps: readonly {
    readonly step: 'account' | 'confirm_email' | 'api_key' | 'first_call' | 'first_ticket';
    readonly optional: boolean;
    readonly state: 'done' | 'open' | 'unknown';
    readonly done_at: string | null;
  }[];
  readonly complete: boolean;
  readonly observed_at: string;
}
export interface Overview {
  readonly object: 'overview';
  readonly observed_at: string;
  readonly health: {
    readonly status: 'pass' | 'warn' | 'fail';
    readonly observed_at: string;
    readonly components: number;
    readonly impaired: readonly {
      readonly component: string;
      readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
    }[];
  };
  readonly accounts: {
    readonly partners: number;
    readonly new_partners: number;
    readonly new_partners_30_days: number;
    readonly users: number;
    readonly active_keys: number;
    readonly observed_at: string;
  } | null;
  readonly tickets: {
    readonly by_status: {
      readonly [key: string]: number;
    };
    readonly observed_at: string;
  } | null;
  readonly healing: {
    readonly open_incidents: number;
    readonly escalated_incidents: number;
    readonly latest_open: {
      readonly id: string;
      readonly title: string;
      readonly status: 'open' | 'acting' | 'verifying' | 'resolved' | 'escalated';
    } | null;
    readonly pauses: number;
    readonly all_paused: boolean;
    readonly history: {
      readonly resolved_today: number;
      readonly auto_resolved_today: number;
      readonly open_verdicts: number;
    } | null;
    readonly observed_at: string;
  } | null;
  readonly calls: {
    readonly today: {
      readonly calls: number;
      readonly errors: number;
    };
    readonly last_30_days: {
      readonly calls: number;
      readonly errors: number;
    };
    readonly observed_at: string;
  } | null;
  readonly events: {
    readonly unread: number;
    readonly consumers: readonly {
      readonly consumer: string;
      readonly unread: number;
    }[];
    readonly dead_letters: number;
    readonly outboxes: readonly {
      readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
      readonly waiting: number;
    }[];
    readonly observed_at: string;
  } | null;
  readonly unknown: readonly ('accounts' | 'tickets' | 'healing' | 'calls' | 'events')[];
}
export interface OwnershipTransfer {
  readonly object: 'ownership_transfer';
  readonly owner: {
    readonly object: 'member';
    readonly id: string;
    readonly user_id: string;
    readonly email: string;
    readonly name: string | null;
    readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
    readonly custom_role: {
      readonly id: string;
      readonly name: string;
    } | null;
    readonly joined_at: string;
    readonly last_active_at: string | null;
  };
  readonly previous_owner: {
    readonly object: 'member';
    readonly id: string;
    readonly user_id: string;
    readonly email: string;
    readonly name: string | null;
    readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
    readonly custom_role: {
      readonly id: string;
      readonly name: string;
    } | null;
    readonly joined_at: string;
    readonly last_active_at: string | null;
  };
}
export interface Partner {
  readonly object: 'partner';
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
}
export interface PartnerState {
  readonly object: 'partner_state';
  readonly id: string;
  readonly suspension: {
    readonly reason: string;
    readonly suspended_at: string;
    readonly suspended_by: string;
  } | null;
}
export interface Passkey {
  readonly object: 'passkey';
  readonly id: string;
  readonly name: string;
  readonly synced: boolean;
  readonly created_at: string;
  readonly last_used_at: string | null;
}
export interface PasskeyAddition {
  readonly object: 'passkey_addition';
  readonly passkey: Passkey;
  readonly recovery_codes: readonly string[] | null;
}
export interface PasskeyChallenge {
  readonly object: 'passkey_challenge';
  readonly challenge: string;
  readonly expires_at: string;
  readonly public_key: {
    readonly rp: {
      readonly id: string;
      readonly name: string;
    };
    readonly user: {
      readonly id: string;
      readonly name: string;
      readonly displayName: string;
    };
    readonly challenge: string;
    readonly pubKeyCredParams: readonly {
      readonly alg: number;
      readonly type: 'public-key';
    }[];
    readonly timeout: number;
    readonly excludeCredentials: readonly {
      readonly id: string;
      readonly type: 'public-key';
      readonly transports?: readonly string[];
    }[];
    readonly authenticatorSelection: {
      readonly residentKey: 'required';
      readonly requireResidentKey: true;
      readonly userVerification: 'required';
    };
    readonly attestation: 'none';
  };
}
export interface PasswordChange {
  readonly object: 'password_change';
  readonly changed_at: string;
  readonly ended_sessions: number;
}
export interface PasswordReset {
  readonly object: 'password_reset';
  readonly requested: true;
}
export interface Pattern {
  readonly object: 'pattern';
  readonly id: string;
  readonly fingerprint: string;
  readonly strategy:
    | 'RETRY_WITH_BACKOFF'
    | 'FALLBACK_TO_CACHE'
    | 'SWITCH_API_ENDPOINT'
    | 'CLEAR_CACHE_AND_RETRY'
    | 'RESET_CONNECTION'
    | 'USE_DEFAULT_VALUE'
    | 'SKIP_OPERATION'
    | 'QUEUE_FOR_LATER'
    | 'ROLLBACK_TRANSACTION'
    | 'RATE_LIMIT_BACKOFF'
    | 'ESCALATE';
  readonly origin: 'learned' | 'model';
  readonly state: 'learning' | 'trial' | 'deciding' | 'demoted';
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly source: string;
  readonly kind: string;
  readonly example: string;
  readonly healed: number;
  readonly failed: number;
  readonly success_rate: number;
  readonly lower_bound: number;
  readonly why: string;
  readonly created_at: string;
  readonly updated_at: string;
}
export interface Pause {
  readonly object: 'pause';
  readonly id: string;
  readonly scope: string;
  readonly effect: 'pause' | 'label';
  readonly reason: string;
  readonly trains: boolean;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
}
export interface Payment {
  readonly object: 'payment';
  readonly id: string;
  readonly invoice_id: string;
  readonly kind: 'charge' | 'transfer' | 'refund';
  readonly status:
    | 'created'
    | 'submitted'
    | 'unknown'
    | 'processing'
    | 'requires_action'
    | 'succeeded'
    | 'failed'
    | 'canceled';
  readonly amount: number;
  readonly currency: string;
  readonly payment_method_id: string | null;
  readonly refunds: string | null;
  readonly reference: string | null;
  readonly action_url: string | null;
  readonly failure: {
    readonly code: string;
    readonly message: string;
  } | null;
  readonly created_at: string;
  readonly settled_at: string | null;
}
export interface PaymentMethod {
  readonly object: 'payment_method';
  readonly id: string;
  readonly kind: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expires: {
    readonly month: number;
    readonly year: number;
  } | null;
  readonly is_default: boolean;
  readonly created_at: string;
}
export interface PaymentMethodSetup {
  readonly object: 'payment_method_setup';
  readonly url: string;
}
export interface PaymentOptions {
  readonly object: 'payment_options';
  readonly bank_transfer: true;
  readonly card: boolean;
  readonly provider: string | null;
}
export interface Plan {
  readonly object: 'plan';
  readonly id: string;
  readonly plan_version_id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly interval: 'month' | 'year';
  readonly trial_days: number;
  readonly prices: {
    readonly [key: string]: {
      readonly recurring_amount: number;
      readonly minimum_amount: number;
      readonly charges: readonly {
        readonly metric: string;
        readonly included: number;
        readonly price:
          | {
              readonly model: 'flat';
              readonly amount: number;
            }
          | {
              readonly model: 'per_unit';
              readonly unit_amount: string;
            }
          | {
              readonly model: 'graduated';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'volume';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'package';
              readonly size: number;
              readonly amount: number;
            };
      }[];
    };
  };
  readonly currency: string;
  readonly monthly_price: number;
  readonly included_calls: number;
  readonly unit_price: string;
  readonly limits: {
    readonly burst_per_minute: number;
    readonly daily: number;
  };
  readonly features: readonly string[];
}
export interface PlanVersion {
  readonly object: 'plan_version';
  readonly id: string;
  readonly deleted: true;
}
export interface Pool {
  readonly object: 'pool';
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly instance: string;
  readonly in_use: number;
  readonly waiting: number;
  readonly max: number;
  readonly level: 'normal' | 'warning' | 'emergency';
  readonly mode: 'auto' | 'off';
  readonly queued_total: number;
  readonly refused_total: number;
}
export interface PublicStatus {
  readonly object: 'public_status';
  readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
  readonly observed_at: string;
  readonly components: readonly {
    readonly name: 'api' | 'accounts' | 'usage' | 'tickets';
    readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
    readonly uptime: number | null;
    readonly days: readonly {
      readonly date: string;
      readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
      readonly uptime: number | null;
      readonly no_data_seconds: number;
    }[];
  }[];
  readonly healing: {
    readonly observed_at: string;
    readonly window_days: number;
    readonly healed_without_human: number;
    readonly heal_rate: number | null;
    readonly last_healed: ServiceIncident | null;
  } | null;
  readonly open_incidents: readonly ServiceIncident[] | null;
  readonly past_incidents: readonly ServiceIncident[] | null;
}
export interface PublicStatusHistory {
  readonly object: 'public_status_history';
  readonly observed_at: string;
  readonly components: readonly {
    readonly name: 'api' | 'accounts' | 'usage' | 'tickets';
    readonly uptime: number | null;
    readonly days: readonly {
      readonly date: string;
      readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
      readonly uptime: number | null;
      readonly no_data_seconds: number;
    }[];
  }[];
}
export interface RecoveryCodes {
  readonly object: 'recovery_codes';
  readonly codes: readonly string[];
}
export interface Registration {
  readonly object: 'registration';
  readonly partner: Partner;
  readonly user: User;
}
export interface RemovedExternalIdentity {
  readonly object: 'removed_external_identity';
  readonly id: string;
  readonly removed_at: string;
}
export interface RemovedPasskey {
  readonly object: 'removed_passkey';
  readonly id: string;
  readonly removed_at: string;
}
export interface RemovedSsoConnection {
  readonly object: 'removed_sso_connection';
  readonly id: string;
  readonly removed_at: string;
  readonly ended_sessions: number;
}
export interface Revenue {
  readonly object: 'revenue';
  readonly observed_at: string;
  readonly currencies: readonly {
    readonly currency: string;
    readonly recurring: number;
    readonly paying: number;
    readonly open: number;
    readonly overdue: number;
    readonly months: readonly {
      readonly month: string;
      readonly invoiced: number;
      readonly tax: number;
      readonly credited: number;
      readonly received: number;
    }[];
  }[];
  readonly subscriptions: {
    readonly trialing: number;
    readonly active: number;
    readonly past_due: number;
    readonly paused: number;
  };
  readonly failing: number;
}
export interface Role {
  readonly object: 'role';
  readonly id: string;
  readonly deleted: true;
}
export interface ScimGroup {
  readonly object: 'scim_group';
  readonly id: string;
  readonly name: string;
  readonly members: number;
  readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom' | null;
  readonly custom_role: {
    readonly id: string;
    readonly name: string;
  } | null;
  readonly created_at: string;
}
export interface ScimToken {
  readonly object: 'scim_token';
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}
export interface Scorecard {
  readonly object: 'scorecard';
  readonly observed_at: string;
  readonly last_run_at: string | null;
  readonly runs: number;
  readonly healed: number;
  readonly time_to_detect: {
    readonly p50_ms: number | null;
    readonly p95_ms: number | null;
  };
  readonly time_to_heal: {
    readonly p50_ms: number | null;
    readonly p95_ms: number | null;
  };
  readonly rows: readonly {
    readonly target: string | null;
    readonly at: string;
    readonly outcome: 'healed' | 'escalated' | 'open';
    readonly incident_id: string;
    readonly detect_ms: number | null;
    readonly heal_ms: number | null;
    readonly experiment: string;
  }[];
}
export interface SecondFactorAddition {
  readonly object: 'second_factor_addition';
  readonly second_factors: SecondFactors;
  readonly recovery_codes: readonly string[] | null;
}
export interface SecondFactors {
  readonly object: 'second_factors';
  readonly password: boolean;
  readonly totp: {
    readonly created_at: string;
    readonly last_used_at: string | null;
  } | null;
  readonly passkeys: readonly Passkey[];
  readonly recovery_codes: {
    readonly left: number;
    readonly created_at: string;
  } | null;
  readonly other_ways: number;
  readonly required: boolean;
}
export interface ServiceIncident {
  readonly object: 'service_incident';
  readonly id: string;
  readonly services: readonly ('api' | 'accounts' | 'usage' | 'tickets')[];
  readonly title: string;
  readonly meaning: string;
  readonly status: 'healing' | 'being_looked_at' | 'resolved';
  readonly since: string;
  readonly resolved_at: string | null;
}
export interface Session {
  readonly object: 'session';
  readonly id: string;
  readonly revoked_at: string;
}
export interface SigningKey {
  readonly object: 'signing_key';
  readonly id: string;
  readonly created_at: string;
  readonly activates_at: string;
  readonly retires_at: string | null;
}
export interface Spending {
  readonly object: 'spending';
  readonly partner_id: string;
  readonly currency: string;
  readonly period: {
    readonly from: string;
    readonly to: string;
  } | null;
  readonly calls: number;
  readonly spent: number;
  readonly budget: {
    readonly amount: number | null;
    readonly at_limit: 'overage' | 'hard_stop';
    readonly limit_calls: number | null;
    readonly percent: number;
    readonly alerts: readonly {
      readonly percent: number;
      readonly at: string;
    }[];
    readonly updated_at: string;
  } | null;
}
export interface SsoConnection {
  readonly object: 'sso_connection';
  readonly id: string;
  readonly kind: 'oidc' | 'saml';
  readonly name: string;
  readonly state: 'draft' | 'tested' | 'enforced' | 'off';
  readonly oidc: {
    readonly issuer: string;
    readonly client_id: string;
  } | null;
  readonly saml: {
    readonly entity_id: string;
    readonly entry_point: string;
    readonly certificates: readonly string[];
  } | null;
  readonly default_role: 'developer' | 'billing' | 'support' | 'viewer';
  readonly portal: {
    readonly redirect_uri: string;
    readonly metadata_url: string;
    readonly acs_url: string;
  };
  readonly created_at: string;
  readonly tested_at: string | null;
  readonly enforced_at: string | null;
}
export interface SsoTest {
  readonly object: 'sso_test';
  readonly connection: SsoConnection;
  readonly received: {
    readonly subject: string;
    readonly email: string | null;
    readonly email_verified: boolean | null;
    readonly name: string | null;
  };
  readonly problems: readonly ('no_address' | 'address_unverified' | 'domain_unverified')[];
}
export interface StepUp {
  readonly object: 'step_up';
  readonly authenticated_at: string;
  readonly fresh_until: string;
}
export interface StepUpChallenge {
  readonly object: 'step_up_challenge';
  readonly token: string;
  readonly expires_at: string;
  readonly methods: readonly ('password' | 'totp' | 'passkey' | 'external')[];
  readonly providers: readonly {
    readonly id: string;
    readonly name: string;
  }[];
  readonly public_key: {
    readonly challenge: string;
    readonly timeout: number;
    readonly rpId: string;
    readonly allowCredentials: readonly {
      readonly id: string;
      readonly type: 'public-key';
      readonly transports?: readonly string[];
    }[];
    readonly userVerification: 'required';
  } | null;
}
export interface Subscription {
  readonly object: 'subscription';
  readonly id: string;
  readonly status: 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled';
  readonly plan: {
    readonly plan_version_id: string;
    readonly id: string;
    readonly version: number;
    readonly name: string;
    readonly interval: 'month' | 'year';
  };
  readonly currency: string;
  readonly time_zone: string;
  readonly period: {
    readonly from: string;
    readonly to: string;
  };
  readonly usage_period: {
    readonly from: string;
    readonly to: string;
  };
  readonly trial_end: string | null;
  readonly cancel_at_period_end: boolean;
  readonly pending_change: {
    readonly plan_version_id: string;
    readonly id: string;
    readonly version: number;
    readonly name: string;
    readonly interval: 'month' | 'year';
  } | null;
  readonly paused_at: string | null;
  readonly created_at: string;
  readonly allowed: readonly (
    | 'change'
    | 'schedule_change'
    | 'cancel'
    | 'cancel_at_period_end'
    | 'resume'
    | 'pause'
  )[];
}
export interface SubscriptionChange {
  readonly object: 'subscription_change';
  readonly subscription: Subscription;
  readonly invoice_id: string | null;
}
export interface SubscriptionPreview {
  readonly object: 'subscription_preview';
  readonly subscription: Subscription;
  readonly invoice: InvoicePreview | null;
  readonly carried_over: number;
  readonly next_invoice: InvoicePreview | null;
  readonly next_invoice_at: string | null;
}
export interface SupportAccess {
  readonly object: 'support_access';
  readonly id: string;
  readonly access: 'read' | 'write';
  readonly granted_by: string;
  readonly granted_at: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly active: boolean;
  readonly impersonations: readonly {
    readonly impersonator: string;
    readonly reason: string;
    readonly started_at: string;
    readonly ended_at: string | null;
  }[];
}
export interface SystemHealth {
  readonly object: 'system_health';
  readonly status: 'pass' | 'warn' | 'fail';
  readonly observed_at: string;
  readonly checks: readonly {
    readonly component: string;
    readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
    readonly observed_at: string;
    readonly latency_ms: number | null;
    readonly detail: string | null;
  }[];
  readonly instances: readonly {
    readonly service: string;
    readonly instance: string;
    readonly pid: number;
    readonly started_at: string;
    readonly last_pulse_at: string;
    readonly resident_bytes: number;
    readonly event_loop_lag_ms: number;
    readonly requests_per_second: number;
    readonly errors_per_second: number;
    readonly degraded: readonly string[];
  }[];
}
export interface Ticket {
  readonly object: 'ticket';
  readonly id: string;
  readonly subject: string;
  readonly body: string;
  readonly status: 'open' | 'in_progress' | 'waiting_on_partner' | 'resolved' | 'closed';
  readonly allowed_transitions: readonly (
    | 'open'
    | 'in_progress'
    | 'waiting_on_partner'
    | 'resolved'
    | 'closed'
  )[];
  readonly priority: 'low' | 'normal' | 'high' | 'urgent';
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}
export interface TopUp {
  readonly object: 'top_up';
  readonly invoice_id: string;
  readonly invoice_number: string;
  readonly amount: number;
  readonly currency: string;
}
export interface TotpEnrolment {
  readonly object: 'totp_enrolment';
  readonly secret: string;
  readonly uri: string;
}
export interface Usage {
  readonly object: 'usage';
  readonly from: string;
  readonly to: string;
  readonly total_calls: number;
  readonly test_calls: number;
  readonly days: readonly {
    readonly date: string;
    readonly calls: number;
    readonly test_calls: number;
  }[];
  readonly api_keys: readonly {
    readonly api_key_id: string;
    readonly calls: number;
  }[];
  readonly counted_until: string;
  readonly groups: {
    readonly by: 'key' | 'product' | 'operation' | 'day' | 'hour';
    readonly time_zone: string;
    readonly currency: string;
    readonly total: {
      readonly calls: number;
      readonly reported_units: number;
      readonly cost: number;
    };
    readonly data: readonly {
      readonly group: string;
      readonly calls: number;
      readonly reported_units: number;
      readonly cost: number;
    }[];
    readonly has_more: boolean;
  } | null;
}
export interface UsageEventReceipt {
  readonly object: 'usage_event_receipt';
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly results: readonly {
    readonly index: number;
    readonly id: string | null;
    readonly status: 'accepted' | 'duplicate' | 'rejected';
    readonly code:
      | 'BILLING.USAGE_EVENT_INVALID'
      | 'BILLING.METRIC_NOT_REPORTABLE'
      | 'BILLING.USAGE_EVENT_TOO_OLD'
      | 'BILLING.USAGE_EVENT_IN_FUTURE'
      | 'BILLING.CORRECTED_EVENT_NOT_FOUND'
      | 'BILLING.CORRECTION_TOO_LARGE'
      | null;
    readonly detail: string | null;
  }[];
}
export interface UsageForecast {
  readonly object: 'usage_forecast';
  readonly plan: {
    readonly id: string;
    readonly name: string;
  };
  readonly period: {
    readonly from: string;
    readonly to: string;
  };
  readonly time_zone: string;
  readonly currency: string;
  readonly bill: {
    readonly amount: number;
    readonly lines: readonly {
      readonly description: string;
      readonly quantity: number;
      readonly unit_amount: string;
      readonly amount: number;
    }[];
  };
  readonly forecast: {
    readonly amount: number;
    readonly low: number;
    readonly high: number;
  };
  readonly metrics: readonly {
    readonly metric: string;
    readonly name: string;
    readonly included: number;
    readonly used: number;
    readonly forecast: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly based_on_days: number;
  readonly counted_until: string;
  readonly observed_at: string;
}
export interface UsageSummary {
  readonly object: 'usage_summary';
  readonly plan: Plan;
  readonly period: {
    readonly from: string;
    readonly to: string;
  };
  readonly used_calls: number;
  readonly test_calls: number;
  readonly included_calls: number;
  readonly forecast_calls: number;
  readonly used_up_on: string | null;
  readonly forecast_extra: number;
  readonly counted_until: string;
  readonly observed_at: string;
}
export interface User {
  readonly object: 'user';
  readonly id: string;
  readonly email: string;
  readonly email_confirmed_at: string | null;
  readonly platform_role: 'platform_admin' | 'platform_sre' | 'platform_support' | 'platform_auditor' | null;
  readonly name: string | null;
  readonly locale: string | null;
  readonly zone: string | null;
  readonly theme: 'light' | 'dark' | 'system' | null;
  readonly created_at: string;
}
export interface Verdict {
  readonly object: 'verdict';
  readonly id: string;
  readonly fingerprint: string;
  readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
  readonly source: string;
  readonly root_cause: string;
  readonly kind: string;
  readonly strategy:
    | 'RETRY_WITH_BACKOFF'
    | 'FALLBACK_TO_CACHE'
    | 'SWITCH_API_ENDPOINT'
    | 'CLEAR_CACHE_AND_RETRY'
    | 'RESET_CONNECTION'
    | 'USE_DEFAULT_VALUE'
    | 'SKIP_OPERATION'
    | 'QUEUE_FOR_LATER'
    | 'ROLLBACK_TRANSACTION'
    | 'RATE_LIMIT_BACKOFF'
    | 'ESCALATE';
  readonly confidence: number;
  readonly evidence: readonly string[];
  readonly model: string;
  readonly prompt_version: string;
  readonly state: 'suggested' | 'trial' | 'promoted' | 'demoted' | 'rejected';
  readonly verified: number;
  readonly decided_by: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}
export interface AnalyticsCallsInput {
  /** Start, rounded down to its step; a date means its midnight, UTC. Default: 24 hours or 30 days before `to`. */
  readonly from?: string;
  /** End, not included, rounded up to its step. Default: the end of the current step. */
  readonly to?: string;
  /** UTC. Hours are kept for 35 days, days for 400; older steps count 0. */
  readonly step?: 'hour' | 'day';
  /** Only calls of keys in this mode. Default: both. */
  readonly mode?: 'live' | 'test';
  /** `csv` gives text/csv, as `Accept: text/csv` does. */
  readonly format?: 'json' | 'csv';
  readonly by?: 'all' | 'key' | 'operation' | 'status';
}
export interface AnalyticsLatencyInput {
  /** Start, rounded down to its step; a date means its midnight, UTC. Default: 24 hours or 30 days before `to`. */
  readonly from?: string;
  /** End, not included, rounded up to its step. Default: the end of the current step. */
  readonly to?: string;
  /** UTC. Hours are kept for 35 days, days for 400; older steps count 0. */
  readonly step?: 'hour' | 'day';
  /** Only calls of keys in this mode. Default: both. */
  readonly mode?: 'live' | 'test';
  /** `csv` gives text/csv, as `Accept: text/csv` does. */
  readonly format?: 'json' | 'csv';
}
export interface ApiKeysCreateInput {
  readonly name?: string;
  readonly mode?: 'live' | 'test';
  /** What the key may do. Default: everything that you may do and a key may hold. */
  readonly scopes?:
    | readonly (
        | 'identity:read'
        | 'plans:read'
        | 'usage:read'
        | 'usage-events:write'
        | 'tickets:read'
        | 'tickets:write'
        | 'service-incidents:read'
      )[]
    | null;
  /** When the key ends, in the future. Null: it has no end. */
  readonly expires_at?: string | null;
  /** The same, in days from now, instead of `expires_at`. */
  readonly expires_in_days?: number;
  /** The networks from which the key is accepted. Default: from everywhere. */
  readonly allowed_networks?: readonly string[];
  /** Limits of the key itself, lower than those of every key. Default: none. */
  readonly limits?: readonly {
    readonly name: string;
    readonly quota: number;
    readonly window_s: number;
  }[];
}
export interface ApiKeysGetInput {
  readonly id: string;
}
export interface ApiKeysImportInput {
  readonly keys: readonly {
    readonly name: string;
    /** Lower-case hex SHA-256 of the whole key. The key has 4 to 512 visible ASCII characters, and does not begin with `pp_live_`, `pp_test_`, `pp_scim_` or `ses_`. */
    readonly digest: string;
    /** The last four characters of the key, by which people tell it from others. */
    readonly last4: string;
    readonly mode: 'live' | 'test';
    readonly scopes?:
      | readonly (
          | 'identity:read'
          | 'plans:read'
          | 'usage:read'
          | 'usage-events:write'
          | 'tickets:read'
          | 'tickets:write'
          | 'service-incidents:read'
        )[]
      | null;
    /** When the key ends, in the future. Null: it has no end. */
    readonly expires_at?: string | null;
    /** The same, in days from now, instead of `expires_at`. */
    readonly expires_in_days?: number;
    readonly allowed_networks?: readonly string[];
    readonly limits?: readonly {
      readonly name: string;
      readonly quota: number;
      readonly window_s: number;
    }[];
  }[];
}
export interface ApiKeysListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly mode?: 'live' | 'test';
  readonly status?: 'active' | 'expired' | 'revoked';
  readonly purpose?: 'program' | 'explorer';
}
export interface ApiKeysRevokeInput {
  readonly id: string;
}
export interface ApiKeysRotateInput {
  readonly id: string;
  readonly overlap_seconds?: 0 | 3600 | 86400 | 604800;
}
export interface ApiKeysUpdateInput {
  readonly id: string;
  readonly name?: string;
  readonly scopes?:
    | readonly (
        | 'identity:read'
        | 'plans:read'
        | 'usage:read'
        | 'usage-events:write'
        | 'tickets:read'
        | 'tickets:write'
        | 'service-incidents:read'
      )[]
    | null;
  /** When the key ends, in the future. Null: it has no end. */
  readonly expires_at?: string | null;
  /** The same, in days from now, instead of `expires_at`. */
  readonly expires_in_days?: number;
  readonly allowed_networks?: readonly string[];
  readonly limits?: readonly {
    readonly name: string;
    readonly quota: number;
    readonly window_s: number;
  }[];
}
export interface ApplicationsCreateInput {
  readonly name: string;
  readonly kind?: 'service' | 'web' | 'native';
  readonly scopes: readonly (
    | 'identity:read'
    | 'plans:read'
    | 'usage:read'
    | 'usage-events:write'
    | 'tickets:read'
    | 'tickets:write'
    | 'service-incidents:read'
  )[];
  /** Where a person is sent back to, compared character by character. `web`: https, or http on this machine. `native`: http on 127.0.0.1 or [::1] with any port (RFC 8252), https, or a scheme like com.example.app. Empty for a service account. */
  readonly redirect_uris?: readonly string[];
}
export interface ApplicationsGetInput {
  readonly id: string;
}
export interface ApplicationsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly kind?: 'service' | 'web' | 'native';
  readonly status?: 'active' | 'revoked';
}
export interface ApplicationsRevokeInput {
  readonly id: string;
}
export interface ApplicationsRotateSecretInput {
  readonly id: string;
  readonly overlap_seconds?: 0 | 3600 | 86400 | 604800;
}
export interface AuditExportInput {
  /** The whole id of a person or key. */
  readonly actor?: string;
  readonly action?:
    | 'partner.registered'
    | 'partner.changed'
    | 'partner.suspended'
    | 'partner.resumed'
    | 'session.created'
    | 'session.ended'
    | 'session.all_ended'
    | 'session.proved'
    | 'session.recovered'
    | 'user.changed'
    | 'user.password_changed'
    | 'user.password_reset'
    | 'user.password_removed'
    | 'user.email_confirmed'
    | 'user.platform_role_changed'
    | 'member.role_changed'
    | 'member.removed'
    | 'member.left'
    | 'ownership.transferred'
    | 'invitation.created'
    | 'invitation.resent'
    | 'invitation.revoked'
    | 'invitation.accepted'
    | 'role.created'
    | 'role.changed'
    | 'role.deleted'
    | 'domain.added'
    | 'domain.verified'
    | 'domain.lapsed'
    | 'domain.removed'
    | 'scim_token.created'
    | 'scim_token.revoked'
    | 'scim_user.created'
    | 'scim_user.changed'
    | 'scim_user.deleted'
    | 'scim_group.created'
    | 'scim_group.changed'
    | 'scim_group.deleted'
    | 'scim_group.mapped'
    | 'api_key.created'
    | 'api_key.changed'
    | 'api_key.imported'
    | 'api_key.revoked'
    | 'api_key.rotated'
    | 'explorer_key.created'
    | 'second_factor.added'
    | 'second_factor.removed'
    | 'recovery_codes.renewed'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'application.created'
    | 'application.secret_rotated'
    | 'application.revoked'
    | 'application.access_decided'
    | 'application.access_removed'
    | 'signing_key.rotated'
    | 'external_identity.linked'
    | 'external_identity.removed'
    | 'sso_connection.created'
    | 'sso_connection.changed'
    | 'sso_connection.tested'
    | 'sso_connection.enforced'
    | 'sso_connection.stopped'
    | 'sso_connection.removed'
    | 'support_access.granted'
    | 'support_access.revoked'
    | 'impersonation.started'
    | 'impersonation.ended'
    | 'impersonation.called'
    | 'billing_profile.changed'
    | 'invoice.voided'
    | 'credit_note.issued'
    | 'subscription.changed'
    | 'subscription.canceled'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'ticket.opened'
    | 'ticket.transitioned'
    | 'payment.started'
    | 'payment.recorded'
    | 'payment.refunded'
    | 'payment_method.made_default'
    | 'payment_method.removed'
    | 'pause.created'
    | 'pause.removed'
    | 'verdict.decided'
    | 'pattern.removed'
    | 'breaker.set'
    | 'pool.set'
    | 'dead_letter.discarded'
    | 'dead_letter.replayed'
    | 'dead_letter.all_discarded'
    | 'dead_letter.all_replayed'
    | 'check.changed'
    | 'index_suggestion.approved'
    | 'index_suggestion.dismissed'
    | 'index_suggestion.dropped'
    | 'limit_override.set'
    | 'limit_override.removed'
    | 'credit.granted'
    | 'credit.voided'
    | 'top_up.ordered'
    | 'auto_top_up.set'
    | 'budget.set'
    | 'budget.removed'
    | 'plan_version.created'
    | 'plan_version.changed'
    | 'plan_version.removed'
    | 'plan_version.published'
    | 'plan_version.retired'
    | 'usage_event.corrected';
  /** The whole id of an object. */
  readonly object_id?: string;
  /** A part of any text of an entry, in upper or lower case. */
  readonly query?: string;
  /** Recorded at this moment or later. */
  readonly from?: string;
  /** Recorded before this moment. */
  readonly to?: string;
  /** `ndjson`: one entry as JSON a line; `csv`: a table for a spreadsheet. */
  readonly format?: 'ndjson' | 'csv';
}
export interface AuditGetInput {
  readonly id: string;
}
export interface AuditListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  /** The whole id of a person or key. */
  readonly actor?: string;
  readonly action?:
    | 'partner.registered'
    | 'partner.changed'
    | 'partner.suspended'
    | 'partner.resumed'
    | 'session.created'
    | 'session.ended'
    | 'session.all_ended'
    | 'session.proved'
    | 'session.recovered'
    | 'user.changed'
    | 'user.password_changed'
    | 'user.password_reset'
    | 'user.password_removed'
    | 'user.email_confirmed'
    | 'user.platform_role_changed'
    | 'member.role_changed'
    | 'member.removed'
    | 'member.left'
    | 'ownership.transferred'
    | 'invitation.created'
    | 'invitation.resent'
    | 'invitation.revoked'
    | 'invitation.accepted'
    | 'role.created'
    | 'role.changed'
    | 'role.deleted'
    | 'domain.added'
    | 'domain.verified'
    | 'domain.lapsed'
    | 'domain.removed'
    | 'scim_token.created'
    | 'scim_token.revoked'
    | 'scim_user.created'
    | 'scim_user.changed'
    | 'scim_user.deleted'
    | 'scim_group.created'
    | 'scim_group.changed'
    | 'scim_group.deleted'
    | 'scim_group.mapped'
    | 'api_key.created'
    | 'api_key.changed'
    | 'api_key.imported'
    | 'api_key.revoked'
    | 'api_key.rotated'
    | 'explorer_key.created'
    | 'second_factor.added'
    | 'second_factor.removed'
    | 'recovery_codes.renewed'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'application.created'
    | 'application.secret_rotated'
    | 'application.revoked'
    | 'application.access_decided'
    | 'application.access_removed'
    | 'signing_key.rotated'
    | 'external_identity.linked'
    | 'external_identity.removed'
    | 'sso_connection.created'
    | 'sso_connection.changed'
    | 'sso_connection.tested'
    | 'sso_connection.enforced'
    | 'sso_connection.stopped'
    | 'sso_connection.removed'
    | 'support_access.granted'
    | 'support_access.revoked'
    | 'impersonation.started'
    | 'impersonation.ended'
    | 'impersonation.called'
    | 'billing_profile.changed'
    | 'invoice.voided'
    | 'credit_note.issued'
    | 'subscription.changed'
    | 'subscription.canceled'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'ticket.opened'
    | 'ticket.transitioned'
    | 'payment.started'
    | 'payment.recorded'
    | 'payment.refunded'
    | 'payment_method.made_default'
    | 'payment_method.removed'
    | 'pause.created'
    | 'pause.removed'
    | 'verdict.decided'
    | 'pattern.removed'
    | 'breaker.set'
    | 'pool.set'
    | 'dead_letter.discarded'
    | 'dead_letter.replayed'
    | 'dead_letter.all_discarded'
    | 'dead_letter.all_replayed'
    | 'check.changed'
    | 'index_suggestion.approved'
    | 'index_suggestion.dismissed'
    | 'index_suggestion.dropped'
    | 'limit_override.set'
    | 'limit_override.removed'
    | 'credit.granted'
    | 'credit.voided'
    | 'top_up.ordered'
    | 'auto_top_up.set'
    | 'budget.set'
    | 'budget.removed'
    | 'plan_version.created'
    | 'plan_version.changed'
    | 'plan_version.removed'
    | 'plan_version.published'
    | 'plan_version.retired'
    | 'usage_event.corrected';
  /** The whole id of an object. */
  readonly object_id?: string;
  /** A part of any text of an entry, in upper or lower case. */
  readonly query?: string;
  /** Recorded at this moment or later. */
  readonly from?: string;
  /** Recorded before this moment. */
  readonly to?: string;
}
export interface AuthorizationsDecideInput {
  readonly uid: string;
  readonly accept: boolean;
}
export interface AuthorizationsGetInput {
  readonly uid: string;
}
export interface AutoTopUpsSetInput {
  readonly is_on: boolean;
  readonly threshold: number;
  readonly amount: number;
  readonly monthly_limit: number;
}
export interface BillingProfilesPutInput {
  readonly legal_name: string;
  readonly address_lines: readonly string[];
  readonly city: string;
  readonly postal_code?: string | null;
  readonly country: string;
  readonly state?: string | null;
  readonly tax_id?: string | null;
  readonly currency?: string;
  readonly locale?: string;
  readonly time_zone?: string;
  readonly email: string;
}
export interface BrowserSessionsCompleteInput {
  readonly challenge: string;
  readonly proof:
    | {
        readonly method: 'totp';
        readonly code: string;
      }
    | {
        readonly method: 'passkey';
        readonly passkey: {
          readonly id: string;
          readonly rawId: string;
          readonly type: 'public-key';
          readonly response: {
            readonly clientDataJSON: string;
            readonly authenticatorData: string;
            readonly signature: string;
            readonly userHandle?: string | null;
          };
        };
      }
    | {
        readonly method: 'recovery_code';
        readonly recovery_code: string;
      };
  /** The partner to act for, for a person of several. Default: the one of the last session. */
  readonly partner_id?: string;
}
export interface BrowserSessionsCreateInput {
  readonly email: string;
  readonly password: string;
  /** The partner to act for, for a person of several. Default: the one of the last session. */
  readonly partner_id?: string;
}
export interface BrowserSessionsRecoverInput {
  readonly email: string;
  readonly recovery_code: string;
}
export interface BrowserSessionsSwitchInput {
  readonly partner_id: string;
}
export interface BudgetsSetInput {
  readonly amount?: number | null;
  readonly at_limit?: 'overage' | 'hard_stop';
}
export interface CreditGrantsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface CreditMovementsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface DemoSessionsBreakInput {
  readonly id: string;
}
export interface DemoSessionsGetInput {
  readonly id: string;
}
export interface DomainsAddInput {
  readonly domain: string;
}
export interface DomainsRemoveInput {
  readonly id: string;
}
export interface DomainsVerifyInput {
  readonly id: string;
}
export interface EmailsConfirmInput {
  readonly token: string;
}
export interface ExternalIdentitiesBeginInput {
  readonly provider: string;
}
export interface ExternalIdentitiesLinkInput {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}
export interface ExternalIdentitiesRemoveInput {
  readonly id: string;
}
export interface ExternalProofsBeginInput {
  readonly provider: string;
}
export interface ExternalProofsCompleteInput {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}
export interface IdentityChangePasswordInput {
  readonly old_password: string;
  readonly new_password: string;
}
export interface IdentityUpdateInput {
  readonly name?: string | null;
  readonly locale?: string | null;
  readonly zone?: string | null;
  readonly theme?: 'light' | 'dark' | 'system' | null;
}
export interface InvitationsAcceptInput {
  readonly token: string;
  readonly password: string;
  readonly name?: string;
}
export interface InvitationsCreateInput {
  readonly email: string;
  /** One of the fixed roles, or the id of a role that the partner made. */
  readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | string;
  /** For how many days the link works. */
  readonly expires_in_days?: number;
}
export interface InvitationsJoinInput {
  readonly token: string;
}
export interface InvitationsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface InvitationsReadInput {
  readonly token: string;
}
export interface InvitationsResendInput {
  readonly id: string;
  /** For how many days the link works. */
  readonly expires_in_days?: number;
}
export interface InvitationsRevokeInput {
  readonly id: string;
}
export interface InvoiceBalancesGetInput {
  readonly id: string;
}
export interface InvoicesGetInput {
  readonly id: string;
}
export interface InvoicesListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface InvoicesPayInput {
  readonly id: string;
  readonly payment_method_id?: string;
}
export interface InvoicesRenderInput {
  readonly id: string;
}
export interface LogInAttemptsCompleteInput {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}
export interface LogInAttemptsCreateInput {
  readonly provider: string;
  readonly return_to?: string;
}
export interface LogInAttemptsRegisterInput {
  readonly state: string;
  readonly name: string;
}
export interface MembersChangeRoleInput {
  readonly id: string;
  /** One of the fixed roles, or the id of a role that the partner made. */
  readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | string;
}
export interface MembersListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface MembersRemoveInput {
  readonly id: string;
}
export interface MembershipsCreateInput {
  readonly name: string;
}
export interface MembershipsLeaveInput {
  readonly id: string;
}
export interface OwnApplicationsRemoveInput {
  readonly id: string;
}
export interface OwnershipsTransferInput {
  readonly member_id: string;
}
export interface PartnersRegisterInput {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}
export interface PartnersUpdateInput {
  readonly name: string;
}
export interface PasskeysRegisterInput {
  readonly name: string;
  readonly challenge: string;
  readonly passkey: {
    readonly id: string;
    readonly rawId: string;
    readonly type: 'public-key';
    readonly response: {
      readonly clientDataJSON: string;
      readonly attestationObject: string;
      readonly transports?: readonly string[];
    };
  };
}
export interface PasskeysRemoveInput {
  readonly id: string;
}
export interface PasskeysRenameInput {
  readonly id: string;
  readonly name: string;
}
export interface PasswordsRequestResetInput {
  readonly email: string;
}
export interface PasswordsResetInput {
  readonly token: string;
  readonly new_password: string;
}
export interface PaymentMethodsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface PaymentMethodsRemoveInput {
  readonly id: string;
}
export interface PaymentMethodsSetDefaultInput {
  readonly id: string;
}
export interface PaymentsGetInput {
  readonly id: string;
}
export interface PaymentsListInput {
  readonly id: string;
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface ProvisionedGroupsMapInput {
  readonly id: string;
  readonly role: 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | string | null;
}
export interface RolesCreateInput {
  readonly name: string;
  readonly permissions: readonly (
    | 'api-keys:read'
    | 'api-keys:write'
    | 'api-keys:revoke'
    | 'explorer-keys:write'
    | 'applications:read'
    | 'applications:write'
    | 'plans:read'
    | 'usage:read'
    | 'usage-events:write'
    | 'billing:read'
    | 'billing:write'
    | 'tickets:read'
    | 'tickets:write'
    | 'service-incidents:read'
    | 'members:read'
    | 'members:write'
    | 'roles:read'
    | 'roles:write'
    | 'domains:read'
    | 'domains:write'
    | 'scim:read'
    | 'scim:manage'
    | 'sso:read'
    | 'sso:manage'
    | 'partner:write'
    | 'onboarding:read'
    | 'audit:read'
    | 'support-access:read'
  )[];
}
export interface RolesDeleteInput {
  readonly id: string;
}
export interface RolesUpdateInput {
  readonly id: string;
  readonly name?: string;
  readonly permissions?: readonly (
    | 'api-keys:read'
    | 'api-keys:write'
    | 'api-keys:revoke'
    | 'explorer-keys:write'
    | 'applications:read'
    | 'applications:write'
    | 'plans:read'
    | 'usage:read'
    | 'usage-events:write'
    | 'billing:read'
    | 'billing:write'
    | 'tickets:read'
    | 'tickets:write'
    | 'service-incidents:read'
    | 'members:read'
    | 'members:write'
    | 'roles:read'
    | 'roles:write'
    | 'domains:read'
    | 'domains:write'
    | 'scim:read'
    | 'scim:manage'
    | 'sso:read'
    | 'sso:manage'
    | 'partner:write'
    | 'onboarding:read'
    | 'audit:read'
    | 'support-access:read'
  )[];
}
export interface ScimTokensCreateInput {
  readonly name: string;
  readonly expires_in_days?: number;
}
export interface ScimTokensRevokeInput {
  readonly id: string;
}
export interface SessionsCompleteInput {
  readonly challenge: string;
  readonly proof:
    | {
        readonly method: 'totp';
        readonly code: string;
      }
    | {
        readonly method: 'passkey';
        readonly passkey: {
          readonly id: string;
          readonly rawId: string;
          readonly type: 'public-key';
          readonly response: {
            readonly clientDataJSON: string;
            readonly authenticatorData: string;
            readonly signature: string;
            readonly userHandle?: string | null;
          };
        };
      }
    | {
        readonly method: 'recovery_code';
        readonly recovery_code: string;
      };
  /** The partner to act for, for a person of several. Default: the one of the last session. */
  readonly partner_id?: string;
}
export interface SessionsCreateInput {
  readonly email: string;
  readonly password: string;
  /** The partner to act for, for a person of several. Default: the one of the last session. */
  readonly partner_id?: string;
}
export interface SessionsEndInput {
  readonly id: string;
}
export interface SessionsEndAllInput {
  /** `current` spares the session of this call */
  readonly keep?: 'none' | 'current';
}
export interface SsoBeginInput {
  readonly email: string;
  readonly return_to?: string;
}
export interface SsoConnectionsBeginTestInput {
  readonly id: string;
}
export interface SsoConnectionsCompleteTestInput {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}
export interface SsoConnectionsCreateInput {
  readonly kind: 'oidc' | 'saml';
  readonly name: string;
  readonly oidc?: {
    readonly issuer: string;
    readonly client_id: string;
    /** Never shown again. */
    readonly client_secret: string;
  };
  readonly saml?: {
    readonly entity_id: string;
    readonly entry_point: string;
    readonly certificates: readonly string[];
  };
  readonly default_role?: 'developer' | 'billing' | 'support' | 'viewer';
}
export interface SsoConnectionsEnforceInput {
  readonly id: string;
}
export interface SsoConnectionsRemoveInput {
  readonly id: string;
}
export interface SsoConnectionsStopInput {
  readonly id: string;
}
export interface SsoConnectionsUpdateInput {
  readonly id: string;
  readonly name?: string;
  readonly oidc?: {
    readonly issuer: string;
    readonly client_id: string;
    /** Never shown again. */
    readonly client_secret?: string;
  };
  readonly saml?: {
    readonly entity_id: string;
    readonly entry_point: string;
    readonly certificates: readonly string[];
  };
  readonly default_role?: 'developer' | 'billing' | 'support' | 'viewer';
}
export interface StatusHistoryInput {
  readonly days?: number;
}
export interface StepUpsCompleteInput {
  readonly proof:
    | {
        readonly method: 'password';
        readonly password: string;
      }
    | {
        readonly method: 'totp';
        readonly code: string;
      }
    | {
        readonly method: 'passkey';
        readonly challenge: string;
        readonly passkey: {
          readonly id: string;
          readonly rawId: string;
          readonly type: 'public-key';
          readonly response: {
            readonly clientDataJSON: string;
            readonly authenticatorData: string;
            readonly signature: string;
            readonly userHandle?: string | null;
          };
        };
      };
}
export interface SubscriptionsCancelInput {
  readonly when?: 'now' | 'period_end';
}
export interface SubscriptionsChangeInput {
  readonly plan: string;
  readonly when?: 'now' | 'period_end';
}
export interface SubscriptionsPreviewInput {
  readonly plan: string;
  readonly when?: 'now' | 'period_end';
}
export interface SupportAccessGrantInput {
  readonly access?: 'read' | 'write';
  readonly hours?: number;
}
export interface SupportAccessRevokeInput {
  readonly id: string;
}
export interface TicketsGetInput {
  readonly id: string;
}
export interface TicketsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly status?: 'open' | 'in_progress' | 'waiting_on_partner' | 'resolved' | 'closed';
}
export interface TicketsOpenInput {
  readonly subject: string;
  readonly body: string;
  readonly priority?: 'low' | 'normal' | 'high' | 'urgent';
}
export interface TicketsTransitionInput {
  readonly id: string;
  readonly status: 'open' | 'in_progress' | 'waiting_on_partner' | 'resolved' | 'closed';
}
export interface TopUpsCreateInput {
  readonly amount: number;
}
export interface TotpConfirmInput {
  readonly code: string;
}
export interface UsageGetInput {
  readonly from?: string;
  readonly to?: string;
  /** `csv` gives text/csv, as `Accept: text/csv` does. */
  readonly format?: 'json' | 'csv';
  /** Adds `groups`: live units and their cost. `from` and `to` are then days by the clock of the subscription, at most 400, or 16 for `hour`. */
  readonly group_by?: 'key' | 'product' | 'operation' | 'day' | 'hour';
  /** Maximum number of groups. */
  readonly limit?: number;
  /** The last `group` that you have: the groups after it. */
  readonly starting_after?: string;
}
export interface UsageEventsRecordInput {
  readonly events: readonly {
    readonly [key: string]: unknown;
  }[];
}
export interface AdminAuditExportAllInput {
  /** The whole id of a person or key. */
  readonly actor?: string;
  readonly action?:
    | 'partner.registered'
    | 'partner.changed'
    | 'partner.suspended'
    | 'partner.resumed'
    | 'session.created'
    | 'session.ended'
    | 'session.all_ended'
    | 'session.proved'
    | 'session.recovered'
    | 'user.changed'
    | 'user.password_changed'
    | 'user.password_reset'
    | 'user.password_removed'
    | 'user.email_confirmed'
    | 'user.platform_role_changed'
    | 'member.role_changed'
    | 'member.removed'
    | 'member.left'
    | 'ownership.transferred'
    | 'invitation.created'
    | 'invitation.resent'
    | 'invitation.revoked'
    | 'invitation.accepted'
    | 'role.created'
    | 'role.changed'
    | 'role.deleted'
    | 'domain.added'
    | 'domain.verified'
    | 'domain.lapsed'
    | 'domain.removed'
    | 'scim_token.created'
    | 'scim_token.revoked'
    | 'scim_user.created'
    | 'scim_user.changed'
    | 'scim_user.deleted'
    | 'scim_group.created'
    | 'scim_group.changed'
    | 'scim_group.deleted'
    | 'scim_group.mapped'
    | 'api_key.created'
    | 'api_key.changed'
    | 'api_key.imported'
    | 'api_key.revoked'
    | 'api_key.rotated'
    | 'explorer_key.created'
    | 'second_factor.added'
    | 'second_factor.removed'
    | 'recovery_codes.renewed'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'application.created'
    | 'application.secret_rotated'
    | 'application.revoked'
    | 'application.access_decided'
    | 'application.access_removed'
    | 'signing_key.rotated'
    | 'external_identity.linked'
    | 'external_identity.removed'
    | 'sso_connection.created'
    | 'sso_connection.changed'
    | 'sso_connection.tested'
    | 'sso_connection.enforced'
    | 'sso_connection.stopped'
    | 'sso_connection.removed'
    | 'support_access.granted'
    | 'support_access.revoked'
    | 'impersonation.started'
    | 'impersonation.ended'
    | 'impersonation.called'
    | 'billing_profile.changed'
    | 'invoice.voided'
    | 'credit_note.issued'
    | 'subscription.changed'
    | 'subscription.canceled'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'ticket.opened'
    | 'ticket.transitioned'
    | 'payment.started'
    | 'payment.recorded'
    | 'payment.refunded'
    | 'payment_method.made_default'
    | 'payment_method.removed'
    | 'pause.created'
    | 'pause.removed'
    | 'verdict.decided'
    | 'pattern.removed'
    | 'breaker.set'
    | 'pool.set'
    | 'dead_letter.discarded'
    | 'dead_letter.replayed'
    | 'dead_letter.all_discarded'
    | 'dead_letter.all_replayed'
    | 'check.changed'
    | 'index_suggestion.approved'
    | 'index_suggestion.dismissed'
    | 'index_suggestion.dropped'
    | 'limit_override.set'
    | 'limit_override.removed'
    | 'credit.granted'
    | 'credit.voided'
    | 'top_up.ordered'
    | 'auto_top_up.set'
    | 'budget.set'
    | 'budget.removed'
    | 'plan_version.created'
    | 'plan_version.changed'
    | 'plan_version.removed'
    | 'plan_version.published'
    | 'plan_version.retired'
    | 'usage_event.corrected';
  /** The whole id of an object. */
  readonly object_id?: string;
  /** A part of any text of an entry, in upper or lower case. */
  readonly query?: string;
  /** Recorded at this moment or later. */
  readonly from?: string;
  /** Recorded before this moment. */
  readonly to?: string;
  /** A partner, or `platform`. */
  readonly chain?: string;
  /** `ndjson`: one entry as JSON a line; `csv`: a table for a spreadsheet. */
  readonly format?: 'ndjson' | 'csv';
}
export interface AdminAuditListAllInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  /** The whole id of a person or key. */
  readonly actor?: string;
  readonly action?:
    | 'partner.registered'
    | 'partner.changed'
    | 'partner.suspended'
    | 'partner.resumed'
    | 'session.created'
    | 'session.ended'
    | 'session.all_ended'
    | 'session.proved'
    | 'session.recovered'
    | 'user.changed'
    | 'user.password_changed'
    | 'user.password_reset'
    | 'user.password_removed'
    | 'user.email_confirmed'
    | 'user.platform_role_changed'
    | 'member.role_changed'
    | 'member.removed'
    | 'member.left'
    | 'ownership.transferred'
    | 'invitation.created'
    | 'invitation.resent'
    | 'invitation.revoked'
    | 'invitation.accepted'
    | 'role.created'
    | 'role.changed'
    | 'role.deleted'
    | 'domain.added'
    | 'domain.verified'
    | 'domain.lapsed'
    | 'domain.removed'
    | 'scim_token.created'
    | 'scim_token.revoked'
    | 'scim_user.created'
    | 'scim_user.changed'
    | 'scim_user.deleted'
    | 'scim_group.created'
    | 'scim_group.changed'
    | 'scim_group.deleted'
    | 'scim_group.mapped'
    | 'api_key.created'
    | 'api_key.changed'
    | 'api_key.imported'
    | 'api_key.revoked'
    | 'api_key.rotated'
    | 'explorer_key.created'
    | 'second_factor.added'
    | 'second_factor.removed'
    | 'recovery_codes.renewed'
    | 'passkey.added'
    | 'passkey.renamed'
    | 'passkey.removed'
    | 'application.created'
    | 'application.secret_rotated'
    | 'application.revoked'
    | 'application.access_decided'
    | 'application.access_removed'
    | 'signing_key.rotated'
    | 'external_identity.linked'
    | 'external_identity.removed'
    | 'sso_connection.created'
    | 'sso_connection.changed'
    | 'sso_connection.tested'
    | 'sso_connection.enforced'
    | 'sso_connection.stopped'
    | 'sso_connection.removed'
    | 'support_access.granted'
    | 'support_access.revoked'
    | 'impersonation.started'
    | 'impersonation.ended'
    | 'impersonation.called'
    | 'billing_profile.changed'
    | 'invoice.voided'
    | 'credit_note.issued'
    | 'subscription.changed'
    | 'subscription.canceled'
    | 'subscription.paused'
    | 'subscription.resumed'
    | 'ticket.opened'
    | 'ticket.transitioned'
    | 'payment.started'
    | 'payment.recorded'
    | 'payment.refunded'
    | 'payment_method.made_default'
    | 'payment_method.removed'
    | 'pause.created'
    | 'pause.removed'
    | 'verdict.decided'
    | 'pattern.removed'
    | 'breaker.set'
    | 'pool.set'
    | 'dead_letter.discarded'
    | 'dead_letter.replayed'
    | 'dead_letter.all_discarded'
    | 'dead_letter.all_replayed'
    | 'check.changed'
    | 'index_suggestion.approved'
    | 'index_suggestion.dismissed'
    | 'index_suggestion.dropped'
    | 'limit_override.set'
    | 'limit_override.removed'
    | 'credit.granted'
    | 'credit.voided'
    | 'top_up.ordered'
    | 'auto_top_up.set'
    | 'budget.set'
    | 'budget.removed'
    | 'plan_version.created'
    | 'plan_version.changed'
    | 'plan_version.removed'
    | 'plan_version.published'
    | 'plan_version.retired'
    | 'usage_event.corrected';
  /** The whole id of an object. */
  readonly object_id?: string;
  /** A part of any text of an entry, in upper or lower case. */
  readonly query?: string;
  /** Recorded at this moment or later. */
  readonly from?: string;
  /** Recorded before this moment. */
  readonly to?: string;
  /** A partner, or `platform`. */
  readonly chain?: string;
}
export interface AdminBreakersSetInput {
  readonly instance: string;
  readonly breaker: string;
  readonly mode: 'auto' | 'open' | 'closed';
  readonly reason: string;
}
export interface AdminChecksChangeInput {
  readonly name: string;
  readonly threshold?: {
    readonly response_time_ms?: number;
    readonly error_rate?: number;
    readonly success_rate?: number;
  };
  /** Within `interval_bounds` of the check. */
  readonly interval_ms?: number;
  readonly enabled?: boolean;
  /** The check runs on, and reports nothing until then. At most 30 days ahead; null ends it. */
  readonly muted_until?: string | null;
}
export interface AdminChecksGetInput {
  readonly name: string;
}
export interface AdminChecksListChangesInput {
  readonly name: string;
  /** Maximum number of changes. */
  readonly limit?: number;
}
export interface AdminChecksRunInput {
  readonly name: string;
}
export interface AdminCreditGrantsCreateInput {
  readonly id: string;
  readonly kind: 'prepaid' | 'promotional';
  readonly amount: number;
  readonly currency: string;
  /** From this moment on the rest cannot be burned any more. Default: never. */
  readonly expires_at?: string | null;
  readonly reason: string;
}
export interface AdminCreditGrantsListOfPartnerInput {
  readonly id: string;
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface AdminCreditGrantsVoidInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminDeadLettersDiscardInput {
  readonly id: string;
}
export interface AdminDeadLettersDiscardAllInput {
  readonly consumer: string;
}
export interface AdminDeadLettersGetInput {
  readonly id: string;
}
export interface AdminDeadLettersListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly consumer?: string;
  readonly subject?: string;
  readonly state?: 'waiting' | 'replaying' | 'replayed' | 'discarded';
}
export interface AdminDeadLettersReplayInput {
  readonly id: string;
}
export interface AdminDeadLettersReplayAllInput {
  readonly consumer: string;
}
export interface AdminHealingActionsInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly from?: string;
  readonly to?: string;
  readonly target?: string;
  readonly remedy?:
    | 'platform.ensure-running'
    | 'platform.restart'
    | 'platform.replace'
    | 'instance.reset-connections'
    | 'instance.clear-cache'
    | 'instance.drain-and-exit'
    | 'postgres.end-statement'
    | 'postgres.end-session'
    | 'disk.remove-temporary-files'
    | 'disk.compress-logs'
    | 'disk.remove-old-logs'
    | 'observe-only'
    | 'page-human';
}
export interface AdminHealingStatsInput {
  readonly window?: '24h' | '7d' | '30d';
}
export interface AdminHealthHistoryInput {
  /** The name from the health checks, or `public:api` and so on for a public component. */
  readonly component: string;
  /** Default: an hour, a day or 30 days before `to`. */
  readonly from?: string;
  /** Default: now. */
  readonly to?: string;
  /** UTC. Minutes are kept for 7 days, hours for 35, days for 400. */
  readonly step?: 'hour' | 'day' | 'minute';
}
export interface AdminHealthListChecksInput {
  /** The name from the health checks. */
  readonly component: string;
  /** Maximum number of checks. They are stored every 10 s and when the status changes, and kept for 7 days. */
  readonly limit?: number;
}
export interface AdminImpersonationsStartInput {
  readonly partner_id: string;
  readonly reason: string;
}
export interface AdminIncidentsGetInput {
  readonly id: string;
}
export interface AdminIncidentsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  /** `unresolved`: every status but `resolved`. */
  readonly status?: 'open' | 'acting' | 'verifying' | 'resolved' | 'escalated' | 'unresolved';
  /** Opened at this moment or later. */
  readonly from?: string;
  /** Opened before this moment. */
  readonly to?: string;
  /** Service or server of the cause. */
  readonly service?:
    | 'gateway'
    | 'auth'
    | 'billing'
    | 'support'
    | 'monitor'
    | 'healer'
    | 'postgres'
    | 'nats'
    | 'redis';
  readonly signal?:
    | 'instance.unresponsive'
    | 'instance.restarted'
    | 'instance.not-ready'
    | 'instance.stalled'
    | 'connections.lost'
    | 'server.unresponsive'
    | 'server.restarted'
    | 'server.not-storing'
    | 'server.read-only'
    | 'database.lock-pile-up'
    | 'database.damaged'
    | 'billing.differs'
    | 'database.slow-statement'
    | 'http.unresponsive'
    | 'dead-letters.present'
    | 'gateway.overloaded'
    | 'disk.filling'
    | 'clock.skewed'
    | 'requests.failing'
    | 'requests.slow'
    | 'throughput.low'
    | 'cache.missing'
    | 'connections.filling'
    | 'cpu.saturated'
    | 'memory.filling'
    | 'frontend.failing'
    | 'consumer.lagging'
    | 'consumer.stalled'
    | 'stream.filling'
    | 'pool.exhausting'
    | 'anomaly.persists'
    | 'pauses.unreadable'
    | 'state.unreadable'
    | 'platform.away'
    | 'external.unresponsive'
    | 'business.failing'
    | 'errors.captured';
  readonly decider?: 'pattern' | 'rule' | 'playbook' | 'model' | 'human';
}
export interface AdminIndexSuggestionsApproveInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminIndexSuggestionsDismissInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminIndexSuggestionsDropInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminInvoicesCreditInput {
  readonly id: string;
  readonly reason: string;
  readonly lines?: readonly {
    readonly description: string;
    readonly amount: number;
  }[];
}
export interface AdminInvoicesVoidInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminLimitOverridesListInput {
  readonly id: string;
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
}
export interface AdminLimitOverridesRemoveInput {
  readonly id: string;
  readonly name: 'burst' | 'daily';
}
export interface AdminLimitOverridesSetInput {
  readonly id: string;
  readonly name: 'burst' | 'daily';
  readonly quota: number;
  /** The moment at which the limit of the plan is in force again. Default: none. */
  readonly expires_at?: string | null;
  readonly reason: string;
}
export interface AdminMetricsReadInput {
  /** Names of up to 20 series, separated by commas. Without it the response lists all series. */
  readonly series?: string;
  /** Default: an hour before `to`. */
  readonly from?: string;
  /** Default: now. */
  readonly to?: string;
  /** Seconds, a multiple of 10. Steps are kept for 24 hours. */
  readonly step?: number;
}
export interface AdminPartnerInvoicesGetInput {
  readonly id: string;
}
export interface AdminPartnerInvoicesListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly partner?: string;
  readonly state?: 'open' | 'overdue' | 'failing' | 'paid';
}
export interface AdminPartnerSubscriptionsGetInput {
  readonly id: string;
}
export interface AdminPartnersGetInput {
  readonly id: string;
}
export interface AdminPartnersListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  /** A part of the name or address, in upper or lower case; or a whole id. */
  readonly query?: string;
  /** Registered at this moment or later. */
  readonly from?: string;
}
export interface AdminPartnersResumeInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminPartnersSuspendInput {
  readonly id: string;
  readonly reason: string;
}
export interface AdminPatternsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly state?: 'learning' | 'trial' | 'deciding' | 'demoted';
}
export interface AdminPatternsRemoveInput {
  readonly id: string;
}
export interface AdminPausesCreateInput {
  readonly scope: string;
  readonly effect?: 'pause' | 'label';
  readonly reason: string;
  readonly trains?: boolean;
  readonly seconds?: number;
}
export interface AdminPausesRemoveInput {
  readonly id: string;
}
export interface AdminPaymentsRefundInput {
  readonly id: string;
  readonly amount: number;
}
export interface AdminPlanVersionsChangeInput {
  readonly name?: string;
  readonly description?: string;
  readonly interval?: 'month' | 'year';
  readonly trial_days?: number;
  readonly prices?: {
    readonly [key: string]: {
      readonly recurring_amount: number;
      readonly minimum_amount: number;
      readonly charges: readonly {
        readonly metric: string;
        readonly included: number;
        readonly price:
          | {
              readonly model: 'flat';
              readonly amount: number;
            }
          | {
              readonly model: 'per_unit';
              readonly unit_amount: string;
            }
          | {
              readonly model: 'graduated';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'volume';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'package';
              readonly size: number;
              readonly amount: number;
            };
      }[];
    };
  };
  readonly limits?: {
    readonly burst_per_minute: number;
    readonly daily: number;
  };
  readonly features?: readonly string[];
  readonly id: string;
}
export interface AdminPlanVersionsCreateInput {
  readonly name: string;
  readonly description: string;
  readonly interval: 'month' | 'year';
  readonly trial_days: number;
  readonly prices: {
    readonly [key: string]: {
      readonly recurring_amount: number;
      readonly minimum_amount: number;
      readonly charges: readonly {
        readonly metric: string;
        readonly included: number;
        readonly price:
          | {
              readonly model: 'flat';
              readonly amount: number;
            }
          | {
              readonly model: 'per_unit';
              readonly unit_amount: string;
            }
          | {
              readonly model: 'graduated';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'volume';
              readonly tiers: readonly {
                readonly up_to: number | null;
                readonly unit_amount: string;
                readonly flat_amount: number;
              }[];
            }
          | {
              readonly model: 'package';
              readonly size: number;
              readonly amount: number;
            };
      }[];
    };
  };
  readonly limits: {
    readonly burst_per_minute: number;
    readonly daily: number;
  };
  readonly features: readonly string[];
  readonly plan: string;
}
export interface AdminPlanVersionsGetInput {
  readonly id: string;
}
export interface AdminPlanVersionsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly plan?: string;
}
export interface AdminPlanVersionsPublishInput {
  readonly id: string;
}
export interface AdminPlanVersionsRemoveInput {
  readonly id: string;
}
export interface AdminPlanVersionsRetireInput {
  readonly id: string;
}
export interface AdminPlatformInvitationsCreateInput {
  readonly email: string;
  readonly role: 'platform_admin' | 'platform_sre' | 'platform_support' | 'platform_auditor';
  /** For how many days the link works. */
  readonly expires_in_days?: number;
}
export interface AdminPlatformRolesChangeInput {
  readonly id: string;
  readonly platform_role: 'platform_admin' | 'platform_sre' | 'platform_support' | 'platform_auditor' | null;
}
export interface AdminPoolsSetInput {
  readonly instance: string;
  readonly mode: 'auto' | 'off';
  readonly size: number;
  readonly reason: string;
}
export interface AdminRevenueGetInput {
  /** How many calendar months, the present one included. */
  readonly months?: number;
}
export interface AdminTicketsListAllInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly status?: 'open' | 'in_progress' | 'waiting_on_partner' | 'resolved' | 'closed';
  readonly priority?: 'low' | 'normal' | 'high' | 'urgent';
  readonly partner_id?: string;
}
export interface AdminTransfersRecordInput {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
}
export interface AdminUsersListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  /** A part of the name or address, in upper or lower case; or a whole id. */
  readonly query?: string;
  readonly role?:
    | 'owner'
    | 'admin'
    | 'developer'
    | 'billing'
    | 'support'
    | 'viewer'
    | 'custom'
    | 'platform_admin'
    | 'platform_sre'
    | 'platform_support'
    | 'platform_auditor'
    | 'none';
  readonly partner_id?: string;
}
export interface AdminVerdictsDecideInput {
  readonly id: string;
  readonly decision: 'trial' | 'reject';
}
export interface AdminVerdictsListInput {
  /** Maximum number of items on a page. A page of large items may end earlier: `has_more` says whether it did. */
  readonly limit?: number;
  /** The id of the oldest item that you have. The page holds the items after it, which are older. */
  readonly starting_after?: string;
  /** The id of the newest item that you have. The page holds the items before it, which are newer, the nearest first in line. Follow a list with it: repeat while `has_more` is true, and again later. No item is left out and none comes twice. */
  readonly ending_before?: string;
  readonly state?: 'suggested' | 'trial' | 'promoted' | 'demoted' | 'rejected';
}

/** Every operation: method, path, and `i` when it takes an Idempotency-Key, `p` when it is paged. */
export const OPERATIONS = {
  analytics: {
    calls: 'GET /v1/analytics/calls',
    latency: 'GET /v1/analytics/latency',
  },
  apiKeys: {
    create: 'POST /v1/api-keys i',
    get: 'GET /v1/api-keys/:id',
    import: 'POST /v1/api-keys/import i',
    list: 'GET /v1/api-keys p',
    revoke: 'DELETE /v1/api-keys/:id',
    rotate: 'POST /v1/api-keys/:id/rotate i',
    update: 'PATCH /v1/api-keys/:id',
  },
  applications: {
    create: 'POST /v1/applications i',
    get: 'GET /v1/applications/:id',
    list: 'GET /v1/applications p',
    revoke: 'DELETE /v1/applications/:id',
    rotateSecret: 'POST /v1/applications/:id/secret i',
  },
  audit: {
    export: 'GET /v1/audit-export',
    get: 'GET /v1/audit/:id',
    list: 'GET /v1/audit p',
  },
  authorizations: {
    decide: 'POST /v1/authorizations/:uid/decision',
    get: 'GET /v1/authorizations/:uid',
  },
  autoTopUps: {
    get: 'GET /v1/credits/auto-top-up',
    set: 'PUT /v1/credits/auto-top-up',
  },
  billingProfiles: {
    get: 'GET /v1/billing-profile',
    put: 'PUT /v1/billing-profile',
  },
  browserSessions: {
    complete: 'POST /v1/browser-sessions/complete',
    create: 'POST /v1/browser-sessions',
    end: 'DELETE /v1/browser-sessions/current',
    get: 'GET /v1/browser-sessions/current',
    recover: 'POST /v1/browser-sessions/recover',
    switch: 'POST /v1/browser-sessions/switch',
  },
  budgets: {
    get: 'GET /v1/budget',
    remove: 'DELETE /v1/budget',
    set: 'PUT /v1/budget',
  },
  creditBalances: {
    get: 'GET /v1/credits',
  },
  creditGrants: {
    list: 'GET /v1/credits/grants p',
  },
  creditMovements: {
    list: 'GET /v1/credits/movements p',
  },
  demoSessions: {
    break: 'POST /v1/demo-sessions/:id/fault',
    create: 'POST /v1/demo-sessions',
    get: 'GET /v1/demo-sessions/:id',
  },
  domains: {
    add: 'POST /v1/domains i',
    list: 'GET /v1/domains',
    remove: 'DELETE /v1/domains/:id',
    verify: 'POST /v1/domains/:id/verify',
  },
  emails: {
    confirm: 'POST /v1/email-confirmations',
    requestConfirmation: 'POST /v1/me/email-confirmation',
  },
  explorerKeys: {
    create: 'POST /v1/explorer-keys i',
  },
  externalIdentities: {
    begin: 'POST /v1/me/external-identities/attempts',
    link: 'POST /v1/me/external-identities',
    list: 'GET /v1/me/external-identities',
    remove: 'DELETE /v1/me/external-identities/:id',
  },
  externalProofs: {
    begin: 'POST /v1/step-ups/attempts',
    complete: 'POST /v1/step-ups/external',
  },
  identity: {
    changePassword: 'PUT /v1/me/password',
    get: 'GET /v1/me',
    removePassword: 'DELETE /v1/me/password',
    update: 'PATCH /v1/me',
  },
  impersonations: {
    end: 'DELETE /v1/impersonations/current',
  },
  invitations: {
    accept: 'POST /v1/invitations/accept',
    create: 'POST /v1/invitations i',
    join: 'POST /v1/invitations/join',
    list: 'GET /v1/invitations p',
    read: 'POST /v1/invitations/read',
    resend: 'POST /v1/invitations/:id/resend',
    revoke: 'DELETE /v1/invitations/:id',
  },
  invoiceBalances: {
    get: 'GET /v1/invoices/:id/balance',
  },
  invoices: {
    get: 'GET /v1/invoices/:id',
    list: 'GET /v1/invoices p',
    pay: 'POST /v1/invoices/:id/pay i',
    preview: 'GET /v1/invoices/preview',
    render: 'GET /v1/invoices/:id/pdf',
  },
  logInAttempts: {
    complete: 'POST /v1/log-in/attempts/complete',
    create: 'POST /v1/log-in/attempts',
    register: 'POST /v1/log-in/attempts/register',
  },
  logInChallenges: {
    create: 'POST /v1/log-in-challenges',
  },
  logInProviders: {
    list: 'GET /v1/log-in/providers',
  },
  members: {
    changeRole: 'PATCH /v1/members/:id',
    list: 'GET /v1/members p',
    remove: 'DELETE /v1/members/:id',
  },
  memberships: {
    create: 'POST /v1/me/memberships i',
    leave: 'DELETE /v1/me/memberships/:id',
    list: 'GET /v1/me/memberships',
  },
  onboarding: {
    get: 'GET /v1/onboarding',
  },
  ownApplications: {
    list: 'GET /v1/me/applications',
    remove: 'DELETE /v1/me/applications/:id',
  },
  ownerships: {
    transfer: 'POST /v1/ownership-transfers',
  },
  partners: {
    register: 'POST /v1/partners i',
    update: 'PATCH /v1/partner',
  },
  passkeys: {
    begin: 'POST /v1/me/passkeys/challenge',
    register: 'POST /v1/me/passkeys',
    remove: 'DELETE /v1/me/passkeys/:id',
    rename: 'PATCH /v1/me/passkeys/:id',
  },
  passwords: {
    requestReset: 'POST /v1/password-resets',
    reset: 'POST /v1/password-resets/complete',
  },
  paymentMethods: {
    list: 'GET /v1/payment-methods p',
    remove: 'DELETE /v1/payment-methods/:id',
    setDefault: 'POST /v1/payment-methods/:id/default',
    setUp: 'POST /v1/payment-methods/setup',
  },
  paymentOptions: {
    list: 'GET /v1/payment-options',
  },
  payments: {
    get: 'GET /v1/payments/:id',
    list: 'GET /v1/invoices/:id/payments p',
  },
  plans: {
    list: 'GET /v1/plans',
  },
  provisionedGroups: {
    list: 'GET /v1/scim/groups',
    map: 'PATCH /v1/scim/groups/:id',
  },
  recoveryCodes: {
    renew: 'POST /v1/me/recovery-codes',
  },
  roles: {
    create: 'POST /v1/roles i',
    delete: 'DELETE /v1/roles/:id',
    list: 'GET /v1/roles',
    update: 'PATCH /v1/roles/:id',
  },
  scimTokens: {
    create: 'POST /v1/scim/tokens i',
    list: 'GET /v1/scim/tokens',
    revoke: 'DELETE /v1/scim/tokens/:id',
  },
  secondFactors: {
    get: 'GET /v1/me/second-factors',
  },
  serviceIncidents: {
    list: 'GET /v1/incidents',
  },
  sessions: {
    complete: 'POST /v1/sessions/complete',
    create: 'POST /v1/sessions',
    end: 'DELETE /v1/sessions/:id',
    endAll: 'DELETE /v1/sessions',
    list: 'GET /v1/sessions',
    revoke: 'DELETE /v1/sessions/current',
  },
  sso: {
    begin: 'POST /v1/log-in/sso',
  },
  ssoConnections: {
    beginTest: 'POST /v1/sso-connections/:id/tests',
    completeTest: 'POST /v1/sso-connections/test-results',
    create: 'POST /v1/sso-connections i',
    enforce: 'POST /v1/sso-connections/:id/enforce',
    list: 'GET /v1/sso-connections',
    remove: 'DELETE /v1/sso-connections/:id',
    stop: 'POST /v1/sso-connections/:id/stop',
    update: 'PATCH /v1/sso-connections/:id',
  },
  status: {
    get: 'GET /v1/public/status',
    history: 'GET /v1/public/status/history',
  },
  stepUps: {
    begin: 'POST /v1/step-ups/challenge',
    complete: 'POST /v1/step-ups',
  },
  subscriptions: {
    cancel: 'POST /v1/subscription/cancel i',
    change: 'POST /v1/subscription/change i',
    get: 'GET /v1/subscription',
    pause: 'POST /v1/subscription/pause i',
    preview: 'POST /v1/subscription/preview',
    resume: 'POST /v1/subscription/resume i',
  },
  supportAccess: {
    grant: 'POST /v1/support-access i',
    list: 'GET /v1/support-access',
    revoke: 'DELETE /v1/support-access/:id',
  },
  tickets: {
    get: 'GET /v1/tickets/:id',
    list: 'GET /v1/tickets p',
    open: 'POST /v1/tickets i',
    transition: 'PATCH /v1/tickets/:id i',
  },
  topUps: {
    create: 'POST /v1/credits/top-ups i',
  },
  totp: {
    confirm: 'POST /v1/me/totp/confirm',
    enrol: 'POST /v1/me/totp',
    remove: 'DELETE /v1/me/totp',
  },
  usage: {
    forecast: 'GET /v1/usage/forecast',
    get: 'GET /v1/usage',
    summarize: 'GET /v1/usage/summary',
  },
  usageEvents: {
    record: 'POST /v1/usage-events',
  },
  admin: {
    audit: {
      exportAll: 'GET /v1/admin/audit-export',
      listAll: 'GET /v1/admin/audit p',
    },
    breakers: {
      list: 'GET /v1/admin/breakers',
      set: 'PUT /v1/admin/instances/:instance/breakers/:breaker',
    },
    checks: {
      change: 'PATCH /v1/admin/checks/:name',
      get: 'GET /v1/admin/checks/:name',
      list: 'GET /v1/admin/checks',
      listChanges: 'GET /v1/admin/checks/:name/changes',
      run: 'POST /v1/admin/checks/:name/run',
    },
    creditGrants: {
      create: 'POST /v1/admin/partners/:id/credits i',
      listOfPartner: 'GET /v1/admin/partners/:id/credits p',
      void: 'POST /v1/admin/credits/:id/void i',
    },
    deadLetters: {
      count: 'GET /v1/admin/dead-letter-consumers',
      discard: 'POST /v1/admin/dead-letters/:id/discard i',
      discardAll: 'POST /v1/admin/dead-letter-consumers/:consumer/discard i',
      get: 'GET /v1/admin/dead-letters/:id',
      list: 'GET /v1/admin/dead-letters p',
      replay: 'POST /v1/admin/dead-letters/:id/replay i',
      replayAll: 'POST /v1/admin/dead-letter-consumers/:consumer/replay i',
    },
    experiments: {
      list: 'GET /v1/admin/experiments',
    },
    forecasts: {
      list: 'GET /v1/admin/forecasts',
    },
    healing: {
      actions: 'GET /v1/admin/healing/actions p',
      scorecard: 'GET /v1/admin/healing/scorecard',
      stats: 'GET /v1/admin/healing/stats',
    },
    health: {
      get: 'GET /v1/admin/health',
      history: 'GET /v1/admin/health/history',
      listChecks: 'GET /v1/admin/health/checks',
    },
    impersonations: {
      start: 'POST /v1/admin/impersonations',
    },
    incidents: {
      get: 'GET /v1/admin/incidents/:id',
      list: 'GET /v1/admin/incidents p',
    },
    indexSuggestions: {
      approve: 'POST /v1/admin/database/suggestions/:id/approve i',
      dismiss: 'POST /v1/admin/database/suggestions/:id/dismiss i',
      drop: 'POST /v1/admin/database/suggestions/:id/drop i',
      list: 'GET /v1/admin/database/suggestions',
      look: 'POST /v1/admin/database/suggestions/look',
    },
    invoices: {
      credit: 'POST /v1/admin/invoices/:id/credit-notes i',
      void: 'POST /v1/admin/invoices/:id/void i',
    },
    limitOverrides: {
      list: 'GET /v1/admin/partners/:id/limits p',
      remove: 'DELETE /v1/admin/partners/:id/limits/:name',
      set: 'PUT /v1/admin/partners/:id/limits/:name',
    },
    metrics: {
      read: 'GET /v1/admin/metrics',
    },
    overviews: {
      get: 'GET /v1/admin/overview',
    },
    partnerInvoices: {
      get: 'GET /v1/admin/invoices/:id',
      list: 'GET /v1/admin/invoices p',
    },
    partnerSubscriptions: {
      get: 'GET /v1/admin/partners/:id/subscription',
    },
    partners: {
      get: 'GET /v1/admin/partners/:id',
      list: 'GET /v1/admin/partners p',
      resume: 'POST /v1/admin/partners/:id/resume i',
      suspend: 'POST /v1/admin/partners/:id/suspend i',
    },
    patterns: {
      list: 'GET /v1/admin/patterns p',
      remove: 'DELETE /v1/admin/patterns/:id',
    },
    pauses: {
      create: 'POST /v1/admin/pauses i',
      list: 'GET /v1/admin/pauses',
      remove: 'DELETE /v1/admin/pauses/:id',
    },
    payments: {
      refund: 'POST /v1/admin/payments/:id/refunds i',
    },
    planVersions: {
      change: 'PATCH /v1/admin/plan-versions/:id',
      create: 'POST /v1/admin/plan-versions i',
      get: 'GET /v1/admin/plan-versions/:id',
      list: 'GET /v1/admin/plan-versions p',
      publish: 'POST /v1/admin/plan-versions/:id/publish i',
      remove: 'DELETE /v1/admin/plan-versions/:id',
      retire: 'POST /v1/admin/plan-versions/:id/retire i',
    },
    platformInvitations: {
      create: 'POST /v1/admin/invitations i',
    },
    platformRoles: {
      change: 'PATCH /v1/admin/users/:id',
    },
    pools: {
      list: 'GET /v1/admin/pools',
      set: 'PUT /v1/admin/instances/:instance/pool',
    },
    revenue: {
      get: 'GET /v1/admin/revenue',
    },
    signingKeys: {
      rotate: 'POST /v1/admin/signing-keys i',
    },
    tickets: {
      listAll: 'GET /v1/admin/tickets p',
    },
    transfers: {
      record: 'POST /v1/admin/invoices/:id/payments i',
    },
    users: {
      list: 'GET /v1/admin/users p',
    },
    verdicts: {
      decide: 'POST /v1/admin/verdicts/:id/decision i',
      list: 'GET /v1/admin/verdicts p',
    },
  },
} as const;

/** The API. The operations under `admin` are for admins of GridWorks. */
export interface Operations {
  analytics: {
    /** Metered calls by hour or day, split by key, operation or status. `GET /v1/analytics/calls` */
    calls(input?: AnalyticsCallsInput, options?: CallOptions): Promise<CallSeries>;
    /** Duration of metered calls by hour or day, as the gateway measured it: median and 95th percentile. `GET /v1/analytics/latency` */
    latency(input?: AnalyticsLatencyInput, options?: CallOptions): Promise<LatencySeries>;
  };
  apiKeys: {
    /** Make an API key. The key itself is shown only in this response. `POST /v1/api-keys` */
    create(
      input?: ApiKeysCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'api_key';
      readonly id: string;
      readonly name: string;
      readonly mode: 'live' | 'test';
      readonly purpose: 'program' | 'explorer';
      readonly last4: string;
      readonly imported: boolean;
      readonly created_by: string;
      readonly created_at: string;
      readonly scopes: readonly string[] | null;
      readonly allowed_networks: readonly string[];
      readonly limits: readonly {
        readonly name: string;
        readonly quota: number;
        readonly window_s: number;
      }[];
      readonly expires_at: string | null;
      readonly replaced_at: string | null;
      readonly revoked_at: string | null;
      readonly leaked_at: string | null;
      readonly key: string;
    }>;
    /** Read an API key: its name and state, never the key itself. `GET /v1/api-keys/:id` */
    get(
      input: ApiKeysGetInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'api_key';
      readonly id: string;
      readonly name: string;
      readonly mode: 'live' | 'test';
      readonly purpose: 'program' | 'explorer';
      readonly last4: string;
      readonly imported: boolean;
      readonly created_by: string;
      readonly created_at: string;
      readonly scopes: readonly string[] | null;
      readonly allowed_networks: readonly string[];
      readonly limits: readonly {
        readonly name: string;
        readonly quota: number;
        readonly window_s: number;
      }[];
      readonly expires_at: string | null;
      readonly replaced_at: string | null;
      readonly revoked_at: string | null;
      readonly leaked_at: string | null;
      readonly last_used_at: string | null;
      readonly calls: {
        readonly from: string;
        readonly days: readonly number[];
        readonly total: number;
        readonly observed_at: string;
      } | null;
    }>;
    /** Take over keys that your programs use already, by their SHA-256: the keys themselves stay with you. All of the list, or none. `POST /v1/api-keys/import` */
    import(input: ApiKeysImportInput, options?: CallOptions): Promise<ApiKeyImport>;
    /** List the API keys of the partner. `GET /v1/api-keys` */
    list(
      input?: ApiKeysListInput,
      options?: CallOptions,
    ): PagedList<{
      readonly object: 'api_key';
      readonly id: string;
      readonly name: string;
      readonly mode: 'live' | 'test';
      readonly purpose: 'program' | 'explorer';
      readonly last4: string;
      readonly imported: boolean;
      readonly created_by: string;
      readonly created_at: string;
      readonly scopes: readonly string[] | null;
      readonly allowed_networks: readonly string[];
      readonly limits: readonly {
        readonly name: string;
        readonly quota: number;
        readonly window_s: number;
      }[];
      readonly expires_at: string | null;
      readonly replaced_at: string | null;
      readonly revoked_at: string | null;
      readonly leaked_at: string | null;
      readonly last_used_at: string | null;
      readonly calls: {
        readonly from: string;
        readonly days: readonly number[];
        readonly total: number;
        readonly observed_at: string;
      } | null;
    }>;
    /** Revoke an API key, at once and for good. `DELETE /v1/api-keys/:id` */
    revoke(input: ApiKeysRevokeInput, options?: CallOptions): Promise<ApiKey>;
    /** Replace an API key by a new one of the same name, mode, scopes, networks and limits, shown only in this response; the old one ends after the overlap. `POST /v1/api-keys/:id/rotate` */
    rotate(input: ApiKeysRotateInput, options?: CallOptions): Promise<ApiKeyRotation>;
    /** Change the name, scopes, end, networks or limits of an API key. They hold within a second, at every instance of the gateway. `PATCH /v1/api-keys/:id` */
    update(input: ApiKeysUpdateInput, options?: CallOptions): Promise<ApiKey>;
  };
  applications: {
    /** Make a service account or an application for OAuth. Its secret is shown only in this response. `POST /v1/applications` */
    create(
      input: ApplicationsCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'application';
      readonly id: string;
      readonly name: string;
      readonly kind: 'service' | 'web' | 'native';
      readonly redirect_uris: readonly string[];
      readonly scopes: readonly string[];
      readonly secret_last4: string | null;
      readonly old_secret_expires_at: string | null;
      readonly created_by: string;
      readonly created_at: string;
      readonly last_used_at: string | null;
      readonly revoked_at: string | null;
      readonly client_secret: string | null;
    }>;
    /** Read an application: its name and state, never its secret. `GET /v1/applications/:id` */
    get(input: ApplicationsGetInput, options?: CallOptions): Promise<Application>;
    /** List the service accounts and applications of the partner. `GET /v1/applications` */
    list(input?: ApplicationsListInput, options?: CallOptions): PagedList<Application>;
    /** Revoke an application for good: its tokens are refused within a second, at every gateway. `DELETE /v1/applications/:id` */
    revoke(input: ApplicationsRevokeInput, options?: CallOptions): Promise<Application>;
    /** Give an application another secret, shown only in this response; the old one works until the overlap is over. `POST /v1/applications/:id/secret` */
    rotateSecret(
      input: ApplicationsRotateSecretInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'application';
      readonly id: string;
      readonly name: string;
      readonly kind: 'service' | 'web' | 'native';
      readonly redirect_uris: readonly string[];
      readonly scopes: readonly string[];
      readonly secret_last4: string | null;
      readonly old_secret_expires_at: string | null;
      readonly created_by: string;
      readonly created_at: string;
      readonly last_used_at: string | null;
      readonly revoked_at: string | null;
      readonly client_secret: string | null;
    }>;
  };
  audit: {
    /** All entries of the audit log of this partner that fit, newest first, as a file. `GET /v1/audit-export` */
    export(
      input?: AuditExportInput,
      options?: CallOptions,
    ): Promise<{
      readonly has_more: boolean;
      readonly data: readonly AuditEntry[];
    }>;
    /** One entry of the audit log of this partner. `GET /v1/audit/:id` */
    get(input: AuditGetInput, options?: CallOptions): Promise<AuditEntry>;
    /** What was done in the name of this partner, newest first. `GET /v1/audit` */
    list(input?: AuditListInput, options?: CallOptions): PagedList<AuditEntry>;
  };
  authorizations: {
    /** Accept or refuse what an application asks for. Then open `redirect_to`. `POST /v1/authorizations/:uid/decision` */
    decide(input: AuthorizationsDecideInput, options?: CallOptions): Promise<AuthorizationDecision>;
    /** What an application asks you for, in the browser that it sent here. `GET /v1/authorizations/:uid` */
    get(input: AuthorizationsGetInput, options?: CallOptions): Promise<Authorization>;
  };
  autoTopUps: {
    /** Whether prepaid credit is ordered by itself when the balance is low. `GET /v1/credits/auto-top-up` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<AutoTopUp>;
    /** Order prepaid credit by itself when the balance is low, and charge the default payment method. It needs a payment method. `PUT /v1/credits/auto-top-up` */
    set(input: AutoTopUpsSetInput, options?: CallOptions): Promise<AutoTopUp>;
  };
  billingProfiles: {
    /** To whom the invoices of the partner are addressed. `GET /v1/billing-profile` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<BillingProfile>;
    /** Set to whom the invoices of the partner are addressed. Invoices that are finalized keep theirs. `PUT /v1/billing-profile` */
    put(input: BillingProfilesPutInput, options?: CallOptions): Promise<BillingProfile>;
  };
  browserSessions: {
    /** Complete a log-in from a page of this origin with the second factor, or with a passkey alone. The session is in a cookie. `POST /v1/browser-sessions/complete` */
    complete(
      input: BrowserSessionsCompleteInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'browser_session';
      readonly id: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly ends_at: string;
      readonly csrf_token: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
      readonly impersonation?: {
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
      };
      readonly sso?: {
        readonly connection_id: string;
        readonly name: string;
      };
    }>;
    /** Log in from a page of this origin. The session is in a cookie, not in the response. `POST /v1/browser-sessions` */
    create(
      input: BrowserSessionsCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'browser_session';
      readonly id: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly ends_at: string;
      readonly csrf_token: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
      readonly impersonation?: {
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
      };
      readonly sso?: {
        readonly connection_id: string;
        readonly name: string;
      };
    }>;
    /** Log out of this browser: ends the session and deletes what the browser keeps of it. `DELETE /v1/browser-sessions/current` */
    end(input?: Record<string, never>, options?: CallOptions): Promise<BrowserSession>;
    /** Who is logged in here, and the token for writes. `GET /v1/browser-sessions/current` */
    get(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'browser_session';
      readonly id: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly ends_at: string;
      readonly csrf_token: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
      readonly impersonation?: {
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
      };
      readonly sso?: {
        readonly connection_id: string;
        readonly name: string;
      };
    }>;
    /** Log in with a recovery code to an account without a password, whose passkeys are lost. `POST /v1/browser-sessions/recover` */
    recover(
      input: BrowserSessionsRecoverInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'browser_session';
      readonly id: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly ends_at: string;
      readonly csrf_token: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
      readonly impersonation?: {
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
      };
      readonly sso?: {
        readonly connection_id: string;
        readonly name: string;
      };
    }>;
    /** Act for another partner of yours: this browser gets another session, the old one ends. `POST /v1/browser-sessions/switch` */
    switch(
      input: BrowserSessionsSwitchInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'browser_session';
      readonly id: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly ends_at: string;
      readonly csrf_token: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
      readonly impersonation?: {
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
      };
      readonly sso?: {
        readonly connection_id: string;
        readonly name: string;
      };
    }>;
  };
  budgets: {
    /** What the calls of this month cost so far, and the budget for them. `GET /v1/budget` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<Spending>;
    /** Remove the budget: calls go on and are charged. `DELETE /v1/budget` */
    remove(input?: Record<string, never>, options?: CallOptions): Promise<Budget>;
    /** Set how much the calls of a month may cost, and what happens then. You are told at 50, 80 and 100 %; every gateway obeys within a second. `PUT /v1/budget` */
    set(input?: BudgetsSetInput, options?: CallOptions): Promise<Spending>;
  };
  creditBalances: {
    /** The credit of the partner by currency. Invoices burn it by themselves. `GET /v1/credits` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<CreditBalance>;
  };
  creditGrants: {
    /** The credit grants of the partner, newest first, also those of which nothing is left. `GET /v1/credits/grants` */
    list(input?: CreditGrantsListInput, options?: CallOptions): PagedList<CreditGrant>;
  };
  creditMovements: {
    /** Every change of the credit of the partner, newest first. `GET /v1/credits/movements` */
    list(input?: CreditMovementsListInput, options?: CallOptions): PagedList<CreditMovement>;
  };
  demoSessions: {
    /** End the thread of a sandbox while calls to the sandbox are under way. Without effect while it heals. `POST /v1/demo-sessions/:id/fault` */
    break(input: DemoSessionsBreakInput, options?: CallOptions): Promise<DemoSession>;
    /** Open a sandbox of billing for 30 minutes, to break it and see it heal. `POST /v1/demo-sessions` */
    create(input?: Record<string, never>, options?: CallOptions): Promise<DemoSession>;
    /** State and timeline of a sandbox. The sandbox gets ten calls a second while a client reads its state. `GET /v1/demo-sessions/:id` */
    get(input: DemoSessionsGetInput, options?: CallOptions): Promise<DemoSession>;
  };
  domains: {
    /** Add a domain. It counts once the TXT record of the response is published and was verified. `POST /v1/domains` */
    add(
      input: DomainsAddInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'domain';
      readonly id: string;
      readonly domain: string;
      readonly status: 'pending' | 'verified' | 'failing' | 'lapsed';
      readonly record: {
        readonly name: string;
        readonly value: string;
      };
      readonly verified_at: string | null;
      readonly last_checked_at: string | null;
      readonly failed_since: string | null;
      readonly created_at: string;
    }>;
    /** The domains of the partner with the records that prove them, oldest first. `GET /v1/domains` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/domains';
      readonly has_more: boolean;
      readonly data: readonly {
        readonly object: 'domain';
        readonly id: string;
        readonly domain: string;
        readonly status: 'pending' | 'verified' | 'failing' | 'lapsed';
        readonly record: {
          readonly name: string;
          readonly value: string;
        };
        readonly verified_at: string | null;
        readonly last_checked_at: string | null;
        readonly failed_since: string | null;
        readonly created_at: string;
      }[];
    }>;
    /** Remove a domain. People who were provisioned with it stay. `DELETE /v1/domains/:id` */
    remove(input: DomainsRemoveInput, options?: CallOptions): Promise<Domain>;
    /** Look for the TXT record of a domain now. `POST /v1/domains/:id/verify` */
    verify(
      input: DomainsVerifyInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'domain';
      readonly id: string;
      readonly domain: string;
      readonly status: 'pending' | 'verified' | 'failing' | 'lapsed';
      readonly record: {
        readonly name: string;
        readonly value: string;
      };
      readonly verified_at: string | null;
      readonly last_checked_at: string | null;
      readonly failed_since: string | null;
      readonly created_at: string;
    }>;
  };
  emails: {
    /** Confirm an email address with the secret of the link in the mail. `POST /v1/email-confirmations` */
    confirm(input: EmailsConfirmInput, options?: CallOptions): Promise<EmailConfirmation>;
    /** Send the mail that confirms your address again. The old link stops working. `POST /v1/me/email-confirmation` */
    requestConfirmation(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'email_confirmation';
      readonly email: string;
      readonly confirmed_at: string | null;
    }>;
  };
  explorerKeys: {
    /** Make a test key for the API explorer that ends after an hour, shown only in this response. A person has three at most: one more revokes the oldest. `POST /v1/explorer-keys` */
    create(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'api_key';
      readonly id: string;
      readonly name: string;
      readonly mode: 'live' | 'test';
      readonly purpose: 'program' | 'explorer';
      readonly last4: string;
      readonly imported: boolean;
      readonly created_by: string;
      readonly created_at: string;
      readonly scopes: readonly string[] | null;
      readonly allowed_networks: readonly string[];
      readonly limits: readonly {
        readonly name: string;
        readonly quota: number;
        readonly window_s: number;
      }[];
      readonly expires_at: string | null;
      readonly replaced_at: string | null;
      readonly revoked_at: string | null;
      readonly leaked_at: string | null;
      readonly key: string;
    }>;
  };
  externalIdentities: {
    /** Begin to add a log-in at a provider to your account: where the browser goes next. `POST /v1/me/external-identities/attempts` */
    begin(input: ExternalIdentitiesBeginInput, options?: CallOptions): Promise<LogInAttempt>;
    /** Add the log-in at the provider to your account. Both addresses may differ. `POST /v1/me/external-identities` */
    link(input: ExternalIdentitiesLinkInput, options?: CallOptions): Promise<ExternalIdentity>;
    /** The log-ins at providers that belong to your account. `GET /v1/me/external-identities` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/me/external-identities';
      readonly has_more: boolean;
      readonly data: readonly ExternalIdentity[];
    }>;
    /** Remove a log-in at a provider from your account. An account without a password keeps two ways to log in. `DELETE /v1/me/external-identities/:id` */
    remove(input: ExternalIdentitiesRemoveInput, options?: CallOptions): Promise<RemovedExternalIdentity>;
  };
  externalProofs: {
    /** Begin to prove again who you are, with a log-in at a provider that belongs to your account: where the browser goes next. `POST /v1/step-ups/attempts` */
    begin(input: ExternalProofsBeginInput, options?: CallOptions): Promise<LogInAttempt>;
    /** Prove again who you are with what the provider put into the address, for ten minutes. `POST /v1/step-ups/external` */
    complete(input: ExternalProofsCompleteInput, options?: CallOptions): Promise<StepUp>;
  };
  identity: {
    /** Set another password; all other sessions and the explorer keys of this person end. `PUT /v1/me/password` */
    changePassword(input: IdentityChangePasswordInput, options?: CallOptions): Promise<PasswordChange>;
    /** The person or key that this credential belongs to. `GET /v1/me` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<Identity>;
    /** Remove your password: you then log in with a passkey. Needs two other ways to log in. `DELETE /v1/me/password` */
    removePassword(input?: Record<string, never>, options?: CallOptions): Promise<SecondFactors>;
    /** Change your name, and the language, time zone and colours of the console. `PATCH /v1/me` */
    update(input?: IdentityUpdateInput, options?: CallOptions): Promise<User>;
  };
  impersonations: {
    /** Stop acting in the name of a partner: ends the session that makes this call. `DELETE /v1/impersonations/current` */
    end(input?: Record<string, never>, options?: CallOptions): Promise<Impersonation>;
  };
  invitations: {
    /** Accept an invitation with a new account. The address counts as confirmed. `POST /v1/invitations/accept` */
    accept(input: InvitationsAcceptInput, options?: CallOptions): Promise<AcceptedInvitation>;
    /** Invite a person to the partner by mail. `POST /v1/invitations` */
    create(
      input: InvitationsCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'invitation';
      readonly id: string;
      readonly email: string;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly invited_by: {
        readonly user_id: string;
        readonly email: string;
      };
      readonly created_at: string;
      readonly expires_at: string;
      readonly expired: boolean;
      readonly sent_at: string | null;
    }>;
    /** Accept an invitation with the account that you are logged in with. `POST /v1/invitations/join` */
    join(
      input: InvitationsJoinInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'membership';
      readonly id: string;
      readonly partner: Partner;
      readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly joined_at: string;
      readonly current: boolean;
    }>;
    /** The open invitations of the partner, newest first. `GET /v1/invitations` */
    list(
      input?: InvitationsListInput,
      options?: CallOptions,
    ): PagedList<{
      readonly object: 'invitation';
      readonly id: string;
      readonly email: string;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly invited_by: {
        readonly user_id: string;
        readonly email: string;
      };
      readonly created_at: string;
      readonly expires_at: string;
      readonly expired: boolean;
      readonly sent_at: string | null;
    }>;
    /** What an invitation is for, by the secret of its link. `POST /v1/invitations/read` */
    read(input: InvitationsReadInput, options?: CallOptions): Promise<InvitationLetter>;
    /** Send the mail again, with a new link and a new term. The old link stops working. `POST /v1/invitations/:id/resend` */
    resend(
      input: InvitationsResendInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'invitation';
      readonly id: string;
      readonly email: string;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly invited_by: {
        readonly user_id: string;
        readonly email: string;
      };
      readonly created_at: string;
      readonly expires_at: string;
      readonly expired: boolean;
      readonly sent_at: string | null;
    }>;
    /** Revoke an open invitation. Its link stops working at once. `DELETE /v1/invitations/:id` */
    revoke(input: InvitationsRevokeInput, options?: CallOptions): Promise<Invitation>;
  };
  invoiceBalances: {
    /** What is paid, credited and left of an invoice, and what dunning does about it. `GET /v1/invoices/:id/balance` */
    get(input: InvoiceBalancesGetInput, options?: CallOptions): Promise<InvoiceBalance>;
  };
  invoices: {
    /** One invoice or credit note with its lines and taxes. `GET /v1/invoices/:id` */
    get(
      input: InvoicesGetInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'invoice';
      readonly id: string;
      readonly type: 'invoice' | 'credit_note';
      readonly status: 'draft' | 'finalized' | 'voided';
      readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
      readonly number: string | null;
      readonly currency: string;
      readonly issued_on: string;
      readonly due_on: string | null;
      readonly period: {
        readonly from: string;
        readonly to: string;
      } | null;
      readonly corrects: string | null;
      readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
      readonly total: number;
      readonly due: number;
      readonly created_at: string;
      readonly seller: {
        readonly name: string;
        readonly address: readonly string[];
        readonly tax_id: {
          readonly label: string;
          readonly id: string;
        } | null;
        readonly email: string | null;
      };
      readonly buyer: {
        readonly name: string;
        readonly address: readonly string[];
        readonly tax_id: {
          readonly label: string;
          readonly id: string;
        } | null;
        readonly email: string | null;
      };
      readonly tax: {
        readonly treatment: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
        readonly inclusive: boolean;
        readonly note: string | null;
        readonly place_of_supply: string | null;
        readonly components: readonly {
          readonly name: string;
          readonly rate: string;
          readonly amount: number;
        }[];
      };
      readonly lines: readonly {
        readonly description: string;
        readonly detail: string | null;
        readonly quantity: number;
        readonly unit_amount: string;
        readonly amount: number;
        readonly net: number;
        readonly taxes: readonly number[];
      }[];
      readonly net: number;
      readonly credits: number;
      readonly pay_to: readonly {
        readonly label: string;
        readonly value: string;
      }[];
      readonly terms: string;
    }>;
    /** The invoices and credit notes of the partner, newest first. `GET /v1/invoices` */
    list(input?: InvoicesListInput, options?: CallOptions): PagedList<Invoice>;
    /** Pay what is left of an invoice. The response comes before the bank’s: read the payment until it is settled. `POST /v1/invoices/:id/pay` */
    pay(input: InvoicesPayInput, options?: CallOptions): Promise<Payment>;
    /** The next invoice as it stands: what is due, the calls of the month so far, and the fee of the next period. `GET /v1/invoices/preview` */
    preview(input?: Record<string, never>, options?: CallOptions): Promise<NextInvoice>;
    /** One invoice or credit note as application/pdf, for download. `GET /v1/invoices/:id/pdf` */
    render(input: InvoicesRenderInput, options?: CallOptions): Promise<InvoicePdf>;
  };
  logInAttempts: {
    /** Complete a log-in with what the provider put into the address. The session is in a cookie; without an account the response says what a sign-up needs. `POST /v1/log-in/attempts/complete` */
    complete(input: LogInAttemptsCompleteInput, options?: CallOptions): Promise<CompletedLogIn>;
    /** Begin to log in with a provider: where the browser goes next. Valid for ten minutes, in this browser. `POST /v1/log-in/attempts` */
    create(input: LogInAttemptsCreateInput, options?: CallOptions): Promise<LogInAttempt>;
    /** Register a partner with an owner who logs in with the provider. Needs an attempt that ended with `sign_up`. `POST /v1/log-in/attempts/register` */
    register(input: LogInAttemptsRegisterInput, options?: CallOptions): Promise<CompletedLogIn>;
  };
  logInChallenges: {
    /** Begin to log in with a passkey alone: the options for `navigator.credentials.get()`, valid for five minutes. `POST /v1/log-in-challenges` */
    create(input?: Record<string, never>, options?: CallOptions): Promise<LogInChallenge>;
  };
  logInProviders: {
    /** The log-in providers that you can use beside a password. `GET /v1/log-in/providers` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/log-in/providers';
      readonly has_more: boolean;
      readonly data: readonly LogInProvider[];
    }>;
  };
  members: {
    /** Give a member another role. It holds within a second. `PATCH /v1/members/:id` */
    changeRole(
      input: MembersChangeRoleInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'member';
      readonly id: string;
      readonly user_id: string;
      readonly email: string;
      readonly name: string | null;
      readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly joined_at: string;
      readonly last_active_at: string | null;
    }>;
    /** The people of the partner and their roles, newest first. `GET /v1/members` */
    list(
      input?: MembersListInput,
      options?: CallOptions,
    ): PagedList<{
      readonly object: 'member';
      readonly id: string;
      readonly user_id: string;
      readonly email: string;
      readonly name: string | null;
      readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly joined_at: string;
      readonly last_active_at: string | null;
    }>;
    /** Remove a person from the partner. Their sessions for the partner end; keys that they made stay. `DELETE /v1/members/:id` */
    remove(input: MembersRemoveInput, options?: CallOptions): Promise<Member>;
  };
  memberships: {
    /** Register another partner, whose owner you are. `POST /v1/me/memberships` */
    create(
      input: MembershipsCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'membership';
      readonly id: string;
      readonly partner: Partner;
      readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
      readonly custom_role: {
        readonly id: string;
        readonly name: string;
      } | null;
      readonly joined_at: string;
      readonly current: boolean;
    }>;
    /** Leave a partner. Your sessions for it end; keys that you made for it stay. `DELETE /v1/me/memberships/:id` */
    leave(input: MembershipsLeaveInput, options?: CallOptions): Promise<Membership>;
    /** The partners that you belong to, the first joined first, at most 100. `GET /v1/me/memberships` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/me/memberships';
      readonly has_more: boolean;
      readonly data: readonly {
        readonly object: 'membership';
        readonly id: string;
        readonly partner: Partner;
        readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
        readonly custom_role: {
          readonly id: string;
          readonly name: string;
        } | null;
        readonly joined_at: string;
        readonly current: boolean;
      }[];
    }>;
  };
  onboarding: {
    /** The first steps of a partner, and when each was done. `GET /v1/onboarding` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<Onboarding>;
  };
  ownApplications: {
    /** The applications that may act for you, newest first, at most 100. `GET /v1/me/applications` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/me/applications';
      readonly has_more: boolean;
      readonly data: readonly {
        readonly object: 'application_access';
        readonly application: {
          readonly id: string;
          readonly name: string;
        };
        readonly partner: Partner;
        readonly scopes: readonly string[];
        readonly first_accepted_at: string;
        readonly last_accepted_at: string;
      }[];
    }>;
    /** Remove the access of an application: its tokens for you are refused within a second. `DELETE /v1/me/applications/:id` */
    remove(input: OwnApplicationsRemoveInput, options?: CallOptions): Promise<ApplicationAccess>;
  };
  ownerships: {
    /** Make another member the owner. You become an admin. `POST /v1/ownership-transfers` */
    transfer(input: OwnershipsTransferInput, options?: CallOptions): Promise<OwnershipTransfer>;
  };
  partners: {
    /** Register a partner together with its owner. `POST /v1/partners` */
    register(input: PartnersRegisterInput, options?: CallOptions): Promise<Registration>;
    /** Give the partner another name. `PATCH /v1/partner` */
    update(input: PartnersUpdateInput, options?: CallOptions): Promise<Partner>;
  };
  passkeys: {
    /** Begin to add a passkey: the options for `navigator.credentials.create()`, valid for five minutes. `POST /v1/me/passkeys/challenge` */
    begin(input?: Record<string, never>, options?: CallOptions): Promise<PasskeyChallenge>;
    /** Add a passkey. From then on a log-in by password needs a second factor. `POST /v1/me/passkeys` */
    register(input: PasskeysRegisterInput, options?: CallOptions): Promise<PasskeyAddition>;
    /** Remove a passkey. `DELETE /v1/me/passkeys/:id` */
    remove(input: PasskeysRemoveInput, options?: CallOptions): Promise<RemovedPasskey>;
    /** Give a passkey another name. `PATCH /v1/me/passkeys/:id` */
    rename(input: PasskeysRenameInput, options?: CallOptions): Promise<Passkey>;
  };
  passwords: {
    /** Send a link to set another password. The response is the same for an unknown address. `POST /v1/password-resets` */
    requestReset(input: PasswordsRequestResetInput, options?: CallOptions): Promise<PasswordReset>;
    /** Set another password with the secret of the link. All sessions of the person end. `POST /v1/password-resets/complete` */
    reset(
      input: PasswordsResetInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'password_change';
      readonly email: string;
      readonly changed_at: string;
      readonly ended_sessions: number;
    }>;
  };
  paymentMethods: {
    /** The payment methods of the partner, newest first. `GET /v1/payment-methods` */
    list(input?: PaymentMethodsListInput, options?: CallOptions): PagedList<PaymentMethod>;
    /** Remove a payment method, here and at the provider. `DELETE /v1/payment-methods/:id` */
    remove(input: PaymentMethodsRemoveInput, options?: CallOptions): Promise<PaymentMethod>;
    /** Charge invoices to this payment method from now on. `POST /v1/payment-methods/:id/default` */
    setDefault(input: PaymentMethodsSetDefaultInput, options?: CallOptions): Promise<PaymentMethod>;
    /** The address of a page of the payment provider where a payment method is added. `POST /v1/payment-methods/setup` */
    setUp(input?: Record<string, never>, options?: CallOptions): Promise<PaymentMethodSetup>;
  };
  paymentOptions: {
    /** How invoices can be paid here: by bank transfer always, by card where a provider is configured. `GET /v1/payment-options` */
    list(input?: Record<string, never>, options?: CallOptions): Promise<PaymentOptions>;
  };
  payments: {
    /** One payment: what has become of it. `GET /v1/payments/:id` */
    get(input: PaymentsGetInput, options?: CallOptions): Promise<Payment>;
    /** The payments of an invoice, newest first: charges, bank transfers and refunds, failed ones too. `GET /v1/invoices/:id/payments` */
    list(input: PaymentsListInput, options?: CallOptions): PagedList<Payment>;
  };
  plans: {
    /** The plans a partner can choose from. `GET /v1/plans` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/plans';
      readonly has_more: boolean;
      readonly data: readonly Plan[];
    }>;
  };
  provisionedGroups: {
    /** The groups of the directory and the role that each gives, by name. `GET /v1/scim/groups` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/scim/groups';
      readonly has_more: boolean;
      readonly data: readonly ScimGroup[];
      readonly people: {
        readonly total: number;
        readonly active: number;
      };
    }>;
    /** Set the role that a group of the directory gives, or none. It holds for its people within a second. `PATCH /v1/scim/groups/:id` */
    map(input: ProvisionedGroupsMapInput, options?: CallOptions): Promise<ScimGroup>;
  };
  recoveryCodes: {
    /** Get ten new recovery codes, shown only in this response. The old ones end. `POST /v1/me/recovery-codes` */
    renew(input?: Record<string, never>, options?: CallOptions): Promise<RecoveryCodes>;
  };
  roles: {
    /** Make a role of permissions. A partner has at most 50 of its own. `POST /v1/roles` */
    create(
      input: RolesCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'role';
      readonly id: string;
      readonly name: string;
      readonly fixed: boolean;
      readonly permissions: readonly string[];
      readonly members: number;
      readonly created_at: string | null;
    }>;
    /** Delete a role that no member and no invitation has. `DELETE /v1/roles/:id` */
    delete(input: RolesDeleteInput, options?: CallOptions): Promise<Role>;
    /** The roles of the partner’s people with their permissions: the fixed ones, then its own. `GET /v1/roles` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/roles';
      readonly has_more: boolean;
      readonly data: readonly {
        readonly object: 'role';
        readonly id: string;
        readonly name: string;
        readonly fixed: boolean;
        readonly permissions: readonly string[];
        readonly members: number;
        readonly created_at: string | null;
      }[];
      readonly grantable: readonly string[];
    }>;
    /** Change the name or the permissions of a role. They hold for its members within a second. `PATCH /v1/roles/:id` */
    update(
      input: RolesUpdateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'role';
      readonly id: string;
      readonly name: string;
      readonly fixed: boolean;
      readonly permissions: readonly string[];
      readonly members: number;
      readonly created_at: string | null;
    }>;
  };
  scimTokens: {
    /** Make a SCIM token for a directory. The token itself is shown only in this response. `POST /v1/scim/tokens` */
    create(
      input: ScimTokensCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'scim_token';
      readonly id: string;
      readonly name: string;
      readonly last4: string;
      readonly created_by: string;
      readonly created_at: string;
      readonly expires_at: string;
      readonly revoked_at: string | null;
      readonly last_used_at: string | null;
      readonly token: string;
    }>;
    /** The SCIM tokens of the partner, newest first, at most 100. `GET /v1/scim/tokens` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/scim/tokens';
      readonly has_more: boolean;
      readonly data: readonly ScimToken[];
    }>;
    /** Revoke a SCIM token, at once and for good. The people that it provisioned stay. `DELETE /v1/scim/tokens/:id` */
    revoke(input: ScimTokensRevokeInput, options?: CallOptions): Promise<ScimToken>;
  };
  secondFactors: {
    /** Your ways to log in: password, authenticator app, passkeys, recovery codes. `GET /v1/me/second-factors` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<SecondFactors>;
  };
  serviceIncidents: {
    /** Incidents that affect partners now or did in the last 24 hours, newest first, at most fifty. `GET /v1/incidents` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/incidents';
      readonly has_more: boolean;
      readonly data: readonly ServiceIncident[];
    }>;
  };
  sessions: {
    /** Complete a log-in with the second factor, or with a passkey alone. `POST /v1/sessions/complete` */
    complete(
      input: SessionsCompleteInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'session';
      readonly id: string;
      readonly token: string;
      readonly expires_at: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
    }>;
    /** Log in with an email address and a password. `POST /v1/sessions` */
    create(
      input: SessionsCreateInput,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'session';
      readonly id: string;
      readonly token: string;
      readonly expires_at: string;
      readonly partner: Partner | null;
      readonly role:
        | 'owner'
        | 'admin'
        | 'developer'
        | 'billing'
        | 'support'
        | 'viewer'
        | 'custom'
        | 'platform_admin'
        | 'platform_sre'
        | 'platform_support'
        | 'platform_auditor'
        | 'none';
      readonly permissions: readonly string[] | null;
      readonly user: User;
    }>;
    /** End one of your sessions, at once and for good. `DELETE /v1/sessions/:id` */
    end(input: SessionsEndInput, options?: CallOptions): Promise<Session>;
    /** Log out everywhere: end all your sessions, or all but the one that makes this call, and your explorer keys. `DELETE /v1/sessions` */
    endAll(input?: SessionsEndAllInput, options?: CallOptions): Promise<EndedSessions>;
    /** The active sessions of this person, newest first, at most 100. `GET /v1/sessions` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/sessions';
      readonly has_more: boolean;
      readonly data: readonly ActiveSession[];
    }>;
    /** Log out: end the session that makes this call. `DELETE /v1/sessions/current` */
    revoke(input?: Record<string, never>, options?: CallOptions): Promise<Session>;
  };
  sso: {
    /** Begin to log in with the single sign-on of the partner that owns the domain of an address. `POST /v1/log-in/sso` */
    begin(input: SsoBeginInput, options?: CallOptions): Promise<LogInAttempt>;
  };
  ssoConnections: {
    /** Begin a test log-in: where the browser goes next. Nobody is logged in by it. `POST /v1/sso-connections/:id/tests` */
    beginTest(input: SsoConnectionsBeginTestInput, options?: CallOptions): Promise<LogInAttempt>;
    /** Complete a test log-in: what the provider said, and whether the connection can log such a person in. `POST /v1/sso-connections/test-results` */
    completeTest(input: SsoConnectionsCompleteTestInput, options?: CallOptions): Promise<SsoTest>;
    /** Add a connection to your identity provider. It logs nobody in until it was tested. `POST /v1/sso-connections` */
    create(input: SsoConnectionsCreateInput, options?: CallOptions): Promise<SsoConnection>;
    /** Persons of your verified domains must log in with this connection from now on. Other sessions of theirs end, but this one and those of owners with a second factor. `POST /v1/sso-connections/:id/enforce` */
    enforce(input: SsoConnectionsEnforceInput, options?: CallOptions): Promise<SsoConnection>;
    /** The connections of single sign-on of this partner. `GET /v1/sso-connections` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/sso-connections';
      readonly has_more: boolean;
      readonly data: readonly SsoConnection[];
    }>;
    /** Remove a connection. Sessions that it began end; its persons keep their accounts and memberships. `DELETE /v1/sso-connections/:id` */
    remove(input: SsoConnectionsRemoveInput, options?: CallOptions): Promise<RemovedSsoConnection>;
    /** Turn a connection off: it logs nobody in, and sessions that it began end. `POST /v1/sso-connections/:id/stop` */
    stop(input: SsoConnectionsStopInput, options?: CallOptions): Promise<SsoConnection>;
    /** Change a connection. Other settings of the provider make it a draft again, to be tested. `PATCH /v1/sso-connections/:id` */
    update(input: SsoConnectionsUpdateInput, options?: CallOptions): Promise<SsoConnection>;
  };
  status: {
    /** The status of the portal now and in the last 90 days, for the public. `GET /v1/public/status` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<PublicStatus>;
    /** The status of each public component by day, up to 400 days. `GET /v1/public/status/history` */
    history(input?: StatusHistoryInput, options?: CallOptions): Promise<PublicStatusHistory>;
  };
  stepUps: {
    /** How you can prove again who you are, with the options for a passkey. `POST /v1/step-ups/challenge` */
    begin(input?: Record<string, never>, options?: CallOptions): Promise<StepUpChallenge>;
    /** Prove again who you are, for ten minutes: with your password, a code, or a passkey and its challenge. `POST /v1/step-ups` */
    complete(input: StepUpsCompleteInput, options?: CallOptions): Promise<StepUp>;
  };
  subscriptions: {
    /** Cancel the subscription when its period ends, or now. What is paid is not paid back. `POST /v1/subscription/cancel` */
    cancel(input?: SubscriptionsCancelInput, options?: CallOptions): Promise<SubscriptionChange>;
    /** Take another plan, now or when the period ends. `POST /v1/subscription/change` */
    change(input: SubscriptionsChangeInput, options?: CallOptions): Promise<SubscriptionChange>;
    /** The subscription of the partner. Each partner has one. `GET /v1/subscription` */
    get(input?: Record<string, never>, options?: CallOptions): Promise<Subscription>;
    /** Pause the subscription now. The rest of the paid period is set off when it is resumed. `POST /v1/subscription/pause` */
    pause(input?: Record<string, never>, options?: CallOptions): Promise<SubscriptionChange>;
    /** What a change of the plan would cost, without doing it. `POST /v1/subscription/preview` */
    preview(input: SubscriptionsPreviewInput, options?: CallOptions): Promise<SubscriptionPreview>;
    /** End a pause, or take back what was to happen at the end of the period. `POST /v1/subscription/resume` */
    resume(input?: Record<string, never>, options?: CallOptions): Promise<SubscriptionChange>;
  };
  supportAccess: {
    /** Let people of GridWorks act in the name of this partner for some hours; they can only read unless it says more. `POST /v1/support-access` */
    grant(input?: SupportAccessGrantInput, options?: CallOptions): Promise<SupportAccess>;
    /** The support accesses of this partner, and who used them, newest first, at most 100. `GET /v1/support-access` */
    list(
      input?: Record<string, never>,
      options?: CallOptions,
    ): Promise<{
      readonly object: 'list';
      readonly url: '/v1/support-access';
      readonly has_more: boolean;
      readonly data: readonly SupportAccess[];
    }>;
    /** End a support access at once, with every session that uses it. `DELETE /v1/support-access/:id` */
    revoke(input: SupportAccessRevokeInput, options?: CallOptions): Promise<SupportAccess>;
  };
  tickets: {
    /** Read a ticket. `GET /v1/tickets/:id` */
    get(input: TicketsGetInput, options?: CallOptions): Promise<Ticket>;
    /** List the tickets of the partner. `GET /v1/tickets` */
    list(input?: TicketsListInput, options?: CallOptions): PagedList<Ticket>;
    /** Open a support ticket. `POST /v1/tickets` */
    open(input: TicketsOpenInput, options?: CallOptions): Promise<Ticket>;
    /** Move a ticket to another status. `PATCH /v1/tickets/:id` */
    transition(input: TicketsTransitionInput, options?: CallOptions): Promise<Ticket>;
  };
  topUps: {
    /** Order prepaid credit. An invoice is made at once and charged to the default payment method; the credit is there when it is paid. `POST /v1/credits/top-ups` */
    create(input: TopUpsCreateInput, options?: CallOptions): Promise<TopUp>;
  };
  totp: {
    /** Confirm the authenticator app with a code of it. From then on a log-in by password needs a second factor. `POST /v1/me/totp/confirm` */
    confirm(input: TotpConfirmInput, options?: CallOptions): Promise<SecondFactorAddition>;
    /** Get a secret for an authenticator app. It counts once a code of it was confirmed; asking again gives another secret. `POST /v1/me/totp` */
    enrol(input?: Record<string, never>, options?: CallOptions): Promise<TotpEnrolment>;
    /** Remove the authenticator app. `DELETE /v1/me/totp` */
    remove(input?: Record<string, never>, options?: CallOptions): Promise<SecondFactors>;
  };
  usage: {
    /** The bill for the usage of this month as it stands, and a forecast of its end. `GET /v1/usage/forecast` */
    forecast(input?: Record<string, never>, options?: CallOptions): Promise<UsageForecast>;
    /** How many metered calls the partner made, by day and by API key; with `group_by` also what they cost. `GET /v1/usage` */
    get(input?: UsageGetInput, options?: CallOptions): Promise<Usage>;
    /** Calls of this month against the plan, and the forecast for the end of the month. `GET /v1/usage/summary` */
    summarize(input?: Record<string, never>, options?: CallOptions): Promise<UsageSummary>;
  };
  usageEvents: {
    /** Report usage from the partner's own systems, as one CloudEvent or a batch of up to 1,000. `POST /v1/usage-events` */
    record(input: UsageEventsRecordInput, options?: CallOptions): Promise<UsageEventReceipt>;
  };
  admin: {
    audit: {
      /** All entries of all audit logs that fit, newest first, as a file. `GET /v1/admin/audit-export` */
      exportAll(
        input?: AdminAuditExportAllInput,
        options?: CallOptions,
      ): Promise<{
        readonly has_more: boolean;
        readonly data: readonly AuditEntry[];
      }>;
      /** What was done in the name of every partner and of GridWorks, newest first. `GET /v1/admin/audit` */
      listAll(input?: AdminAuditListAllInput, options?: CallOptions): PagedList<AuditEntry>;
    };
    breakers: {
      /** The circuit breakers of all instances that respond now. `GET /v1/admin/breakers` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/breakers';
        readonly has_more: boolean;
        readonly data: readonly Breaker[];
      }>;
      /** Hold a breaker of an instance open or closed, or let it decide by itself again. `PUT /v1/admin/instances/:instance/breakers/:breaker` */
      set(input: AdminBreakersSetInput, options?: CallOptions): Promise<Breaker>;
    };
    checks: {
      /** Change thresholds or interval of a check, disable it, or mute it until a time. What is left out stays. `PATCH /v1/admin/checks/:name` */
      change(input: AdminChecksChangeInput, options?: CallOptions): Promise<Check>;
      /** One check with its state and its latest runs. `GET /v1/admin/checks/:name` */
      get(input: AdminChecksGetInput, options?: CallOptions): Promise<Check>;
      /** All checks with their state, latest runs, thresholds and next run. `GET /v1/admin/checks` */
      list(input?: Record<string, never>, options?: CallOptions): Promise<Checks>;
      /** The changes of a check by admins, newest first. `GET /v1/admin/checks/:name/changes` */
      listChanges(
        input: AdminChecksListChangesInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: string;
        readonly has_more: boolean;
        readonly data: readonly CheckChange[];
      }>;
      /** Run a check now, also while it is muted, disabled or silenced, and return the run. `POST /v1/admin/checks/:name/run` */
      run(input: AdminChecksRunInput, options?: CallOptions): Promise<CheckRun>;
    };
    creditGrants: {
      /** Give a partner credit: promotional, or prepaid by money that has arrived. `POST /v1/admin/partners/:id/credits` */
      create(input: AdminCreditGrantsCreateInput, options?: CallOptions): Promise<CreditGrant>;
      /** The credit grants of a partner, newest first. `GET /v1/admin/partners/:id/credits` */
      listOfPartner(
        input: AdminCreditGrantsListOfPartnerInput,
        options?: CallOptions,
      ): PagedList<CreditGrant>;
      /** Take back what is left of a credit grant. What invoices have burned stays burned. `POST /v1/admin/credits/:id/void` */
      void(input: AdminCreditGrantsVoidInput, options?: CallOptions): Promise<CreditGrant>;
    };
    deadLetters: {
      /** How many dead letters wait, by consumer. `GET /v1/admin/dead-letter-consumers` */
      count(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly observed_at: string;
        readonly consumers: readonly {
          readonly consumer: string;
          readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
          readonly waiting: number;
          readonly replaying: number;
          readonly oldest_at: string;
        }[];
      }>;
      /** Give up a dead letter for good: its event is never processed by this consumer. `POST /v1/admin/dead-letters/:id/discard` */
      discard(input: AdminDeadLettersDiscardInput, options?: CallOptions): Promise<DeadLetter>;
      /** Give up all dead letters of a consumer that wait, for good. `POST /v1/admin/dead-letter-consumers/:consumer/discard` */
      discardAll(
        input: AdminDeadLettersDiscardAllInput,
        options?: CallOptions,
      ): Promise<{
        readonly consumer: string;
        readonly letters: number;
      }>;
      /** One dead letter with its redacted event. `GET /v1/admin/dead-letters/:id` */
      get(
        input: AdminDeadLettersGetInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'dead_letter';
        readonly id: string;
        readonly event_id: string;
        readonly subject: string;
        readonly consumer: string;
        readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
        readonly partner_id: string | null;
        readonly reason: string;
        readonly deliveries: number;
        readonly first_failed_at: string;
        readonly last_failed_at: string;
        readonly state: 'waiting' | 'replaying' | 'replayed' | 'discarded';
        readonly decided_by: string | null;
        readonly decided_at: string | null;
        readonly settled_at: string | null;
        readonly event_bytes: number;
        /** The event without secrets and personal data, shortened when it is large. Text when it is not JSON. */
        readonly event: unknown;
      }>;
      /** Events that a consumer gave up, newest first. `GET /v1/admin/dead-letters` */
      list(input?: AdminDeadLettersListInput, options?: CallOptions): PagedList<DeadLetter>;
      /** Deliver the event of a dead letter to its consumer once more. `POST /v1/admin/dead-letters/:id/replay` */
      replay(input: AdminDeadLettersReplayInput, options?: CallOptions): Promise<DeadLetter>;
      /** Deliver the events of all dead letters of a consumer that wait to it once more, oldest first. `POST /v1/admin/dead-letter-consumers/:consumer/replay` */
      replayAll(
        input: AdminDeadLettersReplayAllInput,
        options?: CallOptions,
      ): Promise<{
        readonly consumer: string;
        readonly letters: number;
      }>;
    };
    experiments: {
      /** The chaos experiments, with the reach and the last results of each. `GET /v1/admin/experiments` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/experiments';
        readonly has_more: boolean;
        readonly data: readonly Experiment[];
      }>;
    };
    forecasts: {
      /** What is watched that may run out, the soonest end first, with when and how surely. `GET /v1/admin/forecasts` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/forecasts';
        readonly has_more: boolean;
        readonly data: readonly Forecast[];
      }>;
    };
    healing: {
      /** The actions of the healer, newest first. `GET /v1/admin/healing/actions` */
      actions(input?: AdminHealingActionsInput, options?: CallOptions): PagedList<HealingAction>;
      /** The last run of every experiment on every target, summed up. `GET /v1/admin/healing/scorecard` */
      scorecard(input?: Record<string, never>, options?: CallOptions): Promise<Scorecard>;
      /** Healing in figures, for the last 24 hours, 7 days or 30 days. `GET /v1/admin/healing/stats` */
      stats(input?: AdminHealingStatsInput, options?: CallOptions): Promise<HealingStats>;
    };
    health: {
      /** The current results of all checks: every instance, every server, gateway HTTP. `GET /v1/admin/health` */
      get(input?: Record<string, never>, options?: CallOptions): Promise<SystemHealth>;
      /** The share of time of a component in each state, and its response times, by step. `GET /v1/admin/health/history` */
      history(input: AdminHealthHistoryInput, options?: CallOptions): Promise<HealthHistory>;
      /** The latest stored checks of a component, newest first. `GET /v1/admin/health/checks` */
      listChecks(
        input: AdminHealthListChecksInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/health/checks';
        readonly has_more: boolean;
        readonly data: readonly {
          readonly component: string;
          readonly status: 'pass' | 'warn' | 'fail' | 'unknown';
          readonly observed_at: string;
          readonly latency_ms: number | null;
          readonly detail: string | null;
        }[];
      }>;
    };
    impersonations: {
      /** Act in the name of a partner that has granted support access: a session of its own, for an hour at most. `POST /v1/admin/impersonations` */
      start(
        input: AdminImpersonationsStartInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'impersonation';
        readonly id: string;
        readonly partner: Partner;
        readonly access: 'read' | 'write';
        readonly reason: string;
        readonly expires_at: string;
        readonly token: string | null;
      }>;
    };
    incidents: {
      /** One incident with its whole timeline. `GET /v1/admin/incidents/:id` */
      get(input: AdminIncidentsGetInput, options?: CallOptions): Promise<Incident>;
      /** Incidents, newest first. `GET /v1/admin/incidents` */
      list(input?: AdminIncidentsListInput, options?: CallOptions): PagedList<Incident>;
    };
    indexSuggestions: {
      /** Have the healer build this index, concurrently. `POST /v1/admin/database/suggestions/:id/approve` */
      approve(input: AdminIndexSuggestionsApproveInput, options?: CallOptions): Promise<IndexSuggestion>;
      /** Dismiss a suggestion: the same index is not suggested again. `POST /v1/admin/database/suggestions/:id/dismiss` */
      dismiss(input: AdminIndexSuggestionsDismissInput, options?: CallOptions): Promise<IndexSuggestion>;
      /** Have the healer drop an index that it built and that was not used for a week. `POST /v1/admin/database/suggestions/:id/drop` */
      drop(input: AdminIndexSuggestionsDropInput, options?: CallOptions): Promise<IndexSuggestion>;
      /** Indexes that are missing, with evidence, and those that were built. `GET /v1/admin/database/suggestions` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly looks: readonly {
          readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
          readonly at: string;
          readonly reason: string | null;
        }[];
        readonly suggestions: readonly IndexSuggestion[];
      }>;
      /** Look now, not only once an hour, which indexes are missing. `POST /v1/admin/database/suggestions/look` */
      look(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly looks: readonly {
          readonly service: 'gateway' | 'auth' | 'billing' | 'support' | 'monitor' | 'healer';
          readonly at: string;
          readonly reason: string | null;
        }[];
        readonly suggestions: readonly IndexSuggestion[];
      }>;
    };
    invoices: {
      /** Give back an invoice, or a part of it, by a credit note with a number of its own. `POST /v1/admin/invoices/:id/credit-notes` */
      credit(
        input: AdminInvoicesCreditInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'invoice';
        readonly id: string;
        readonly type: 'invoice' | 'credit_note';
        readonly status: 'draft' | 'finalized' | 'voided';
        readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
        readonly number: string | null;
        readonly currency: string;
        readonly issued_on: string;
        readonly due_on: string | null;
        readonly period: {
          readonly from: string;
          readonly to: string;
        } | null;
        readonly corrects: string | null;
        readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
        readonly total: number;
        readonly due: number;
        readonly created_at: string;
        readonly seller: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly buyer: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly tax: {
          readonly treatment: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
          readonly inclusive: boolean;
          readonly note: string | null;
          readonly place_of_supply: string | null;
          readonly components: readonly {
            readonly name: string;
            readonly rate: string;
            readonly amount: number;
          }[];
        };
        readonly lines: readonly {
          readonly description: string;
          readonly detail: string | null;
          readonly quantity: number;
          readonly unit_amount: string;
          readonly amount: number;
          readonly net: number;
          readonly taxes: readonly number[];
        }[];
        readonly net: number;
        readonly credits: number;
        readonly pay_to: readonly {
          readonly label: string;
          readonly value: string;
        }[];
        readonly terms: string;
      }>;
      /** Take an invoice back as a whole: it keeps its number, and what it charged goes on the next invoice. To waive it, issue a credit note. `POST /v1/admin/invoices/:id/void` */
      void(
        input: AdminInvoicesVoidInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'invoice';
        readonly id: string;
        readonly type: 'invoice' | 'credit_note';
        readonly status: 'draft' | 'finalized' | 'voided';
        readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
        readonly number: string | null;
        readonly currency: string;
        readonly issued_on: string;
        readonly due_on: string | null;
        readonly period: {
          readonly from: string;
          readonly to: string;
        } | null;
        readonly corrects: string | null;
        readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
        readonly total: number;
        readonly due: number;
        readonly created_at: string;
        readonly seller: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly buyer: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly tax: {
          readonly treatment: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
          readonly inclusive: boolean;
          readonly note: string | null;
          readonly place_of_supply: string | null;
          readonly components: readonly {
            readonly name: string;
            readonly rate: string;
            readonly amount: number;
          }[];
        };
        readonly lines: readonly {
          readonly description: string;
          readonly detail: string | null;
          readonly quantity: number;
          readonly unit_amount: string;
          readonly amount: number;
          readonly net: number;
          readonly taxes: readonly number[];
        }[];
        readonly net: number;
        readonly credits: number;
        readonly pay_to: readonly {
          readonly label: string;
          readonly value: string;
        }[];
        readonly terms: string;
      }>;
    };
    limitOverrides: {
      /** The limits of a partner that differ from its plan, newest first, also those that have expired. `GET /v1/admin/partners/:id/limits` */
      list(
        input: AdminLimitOverridesListInput,
        options?: CallOptions,
      ): PagedList<{
        readonly object: 'limit_override';
        readonly id: string;
        readonly name: 'burst' | 'daily';
        readonly quota: number;
        readonly expires_at: string | null;
        readonly reason: string;
        readonly set_by: string;
        readonly created_at: string;
        readonly in_force: boolean;
      }>;
      /** Give a partner the limit of its plan again; every gateway obeys within a second. `DELETE /v1/admin/partners/:id/limits/:name` */
      remove(input: AdminLimitOverridesRemoveInput, options?: CallOptions): Promise<LimitOverride>;
      /** Give a partner another limit than its plan has; every gateway obeys within a second. `PUT /v1/admin/partners/:id/limits/:name` */
      set(
        input: AdminLimitOverridesSetInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'limit_override';
        readonly id: string;
        readonly name: 'burst' | 'daily';
        readonly quota: number;
        readonly expires_at: string | null;
        readonly reason: string;
        readonly set_by: string;
        readonly created_at: string;
        readonly in_force: boolean;
      }>;
    };
    metrics: {
      /** What processes and machines used, and how contracts responded, in the last 24 hours. `GET /v1/admin/metrics` */
      read(input?: AdminMetricsReadInput, options?: CallOptions): Promise<Metrics>;
    };
    overviews: {
      /** The portal in figures: health, accounts, tickets, incidents, calls, events. `GET /v1/admin/overview` */
      get(input?: Record<string, never>, options?: CallOptions): Promise<Overview>;
    };
    partnerInvoices: {
      /** An invoice or credit note of any partner, with its newest payments. `GET /v1/admin/invoices/:id` */
      get(
        input: AdminPartnerInvoicesGetInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'invoice';
        readonly id: string;
        readonly type: 'invoice' | 'credit_note';
        readonly status: 'draft' | 'finalized' | 'voided';
        readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
        readonly number: string | null;
        readonly currency: string;
        readonly issued_on: string;
        readonly due_on: string | null;
        readonly period: {
          readonly from: string;
          readonly to: string;
        } | null;
        readonly corrects: string | null;
        readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
        readonly total: number;
        readonly due: number;
        readonly created_at: string;
        readonly seller: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly buyer: {
          readonly name: string;
          readonly address: readonly string[];
          readonly tax_id: {
            readonly label: string;
            readonly id: string;
          } | null;
          readonly email: string | null;
        };
        readonly tax: {
          readonly treatment: 'standard' | 'reverse_charge' | 'zero_rated' | 'outside_scope';
          readonly inclusive: boolean;
          readonly note: string | null;
          readonly place_of_supply: string | null;
          readonly components: readonly {
            readonly name: string;
            readonly rate: string;
            readonly amount: number;
          }[];
        };
        readonly lines: readonly {
          readonly description: string;
          readonly detail: string | null;
          readonly quantity: number;
          readonly unit_amount: string;
          readonly amount: number;
          readonly net: number;
          readonly taxes: readonly number[];
        }[];
        readonly net: number;
        readonly credits: number;
        readonly pay_to: readonly {
          readonly label: string;
          readonly value: string;
        }[];
        readonly terms: string;
        readonly partner_id: string;
        readonly buyer_name: string;
        readonly left: number;
        readonly dunning: {
          readonly status: 'open' | 'overdue' | 'recovered' | 'closed';
          readonly started_at: string;
          readonly next_at: string | null;
          readonly failure_code: string | null;
        } | null;
        readonly payments: readonly Payment[];
      }>;
      /** The invoices and credit notes of all partners or of one, newest first, with what is left to pay. `GET /v1/admin/invoices` */
      list(
        input?: AdminPartnerInvoicesListInput,
        options?: CallOptions,
      ): PagedList<{
        readonly object: 'invoice';
        readonly id: string;
        readonly type: 'invoice' | 'credit_note';
        readonly status: 'draft' | 'finalized' | 'voided';
        readonly payment_status: 'unpaid' | 'paid' | 'refunded' | 'written_off';
        readonly number: string | null;
        readonly currency: string;
        readonly issued_on: string;
        readonly due_on: string | null;
        readonly period: {
          readonly from: string;
          readonly to: string;
        } | null;
        readonly corrects: string | null;
        readonly purpose: 'charges' | 'top_up' | 'auto_top_up';
        readonly total: number;
        readonly due: number;
        readonly created_at: string;
        readonly partner_id: string;
        readonly buyer_name: string;
        readonly left: number;
        readonly dunning: {
          readonly status: 'open' | 'overdue' | 'recovered' | 'closed';
          readonly started_at: string;
          readonly next_at: string | null;
          readonly failure_code: string | null;
        } | null;
      }>;
    };
    partnerSubscriptions: {
      /** The subscription of a partner. `GET /v1/admin/partners/:id/subscription` */
      get(input: AdminPartnerSubscriptionsGetInput, options?: CallOptions): Promise<Subscription>;
    };
    partners: {
      /** A partner with its people and newest keys. `GET /v1/admin/partners/:id` */
      get(
        input: AdminPartnersGetInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'partner';
        readonly id: string;
        readonly name: string;
        readonly created_at: string;
        readonly users: number;
        readonly api_keys: number;
        readonly use: {
          readonly plan: {
            readonly id: string;
            readonly name: string;
            readonly included_calls: number;
          };
          readonly used_calls: number;
          readonly last_call_at: string | null;
          readonly observed_at: string;
        } | null;
        readonly open_tickets: number | null;
        readonly suspension: {
          readonly reason: string;
          readonly suspended_at: string;
          readonly suspended_by: string;
        } | null;
        readonly people: readonly {
          readonly object: 'user';
          readonly id: string;
          readonly email: string;
          readonly email_confirmed_at: string | null;
          readonly platform_role:
            | 'platform_admin'
            | 'platform_sre'
            | 'platform_support'
            | 'platform_auditor'
            | null;
          readonly name: string | null;
          readonly locale: string | null;
          readonly zone: string | null;
          readonly theme: 'light' | 'dark' | 'system' | null;
          readonly created_at: string;
          readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
          readonly custom_role: {
            readonly id: string;
            readonly name: string;
          } | null;
          readonly joined_at: string;
        }[];
        readonly keys: readonly ApiKey[];
      }>;
      /** Partners, newest first, with their plan, use and open tickets. `GET /v1/admin/partners` */
      list(
        input?: AdminPartnersListInput,
        options?: CallOptions,
      ): PagedList<{
        readonly object: 'partner';
        readonly id: string;
        readonly name: string;
        readonly created_at: string;
        readonly users: number;
        readonly api_keys: number;
        readonly use: {
          readonly plan: {
            readonly id: string;
            readonly name: string;
            readonly included_calls: number;
          };
          readonly used_calls: number;
          readonly last_call_at: string | null;
          readonly observed_at: string;
        } | null;
        readonly open_tickets: number | null;
        readonly suspension: {
          readonly reason: string;
          readonly suspended_at: string;
          readonly suspended_by: string;
        } | null;
      }>;
      /** End the suspension of a partner: keys and sessions that have not ended otherwise are accepted again. `POST /v1/admin/partners/:id/resume` */
      resume(input: AdminPartnersResumeInput, options?: CallOptions): Promise<PartnerState>;
      /** Suspend a partner: its keys and sessions are refused within a second, its data stays. A partner that is suspended stays as it is. `POST /v1/admin/partners/:id/suspend` */
      suspend(input: AdminPartnersSuspendInput, options?: CallOptions): Promise<PartnerState>;
    };
    patterns: {
      /** The learned patterns: how often each strategy healed each error. `GET /v1/admin/patterns` */
      list(input?: AdminPatternsListInput, options?: CallOptions): PagedList<Pattern>;
      /** Delete what was learned about an error: rules decide again, and counting starts from zero. `DELETE /v1/admin/patterns/:id` */
      remove(input: AdminPatternsRemoveInput, options?: CallOptions): Promise<Pattern>;
    };
    pauses: {
      /** Stop the healer from acting on everything, a service, a server or with a remedy, until a time. `POST /v1/admin/pauses` */
      create(input: AdminPausesCreateInput, options?: CallOptions): Promise<Pause>;
      /** The pauses and labels in force. `GET /v1/admin/pauses` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/pauses';
        readonly has_more: boolean;
        readonly data: readonly Pause[];
      }>;
      /** End a pause before its end time. `DELETE /v1/admin/pauses/:id` */
      remove(input: AdminPausesRemoveInput, options?: CallOptions): Promise<Pause>;
    };
    payments: {
      /** Pay back what a credit note or an overpayment left with us, to the payment method that it came from. `POST /v1/admin/payments/:id/refunds` */
      refund(input: AdminPaymentsRefundInput, options?: CallOptions): Promise<Payment>;
    };
    planVersions: {
      /** Change a draft. `PATCH /v1/admin/plan-versions/:id` */
      change(
        input: AdminPlanVersionsChangeInput,
        options?: CallOptions,
      ): Promise<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
      /** Draft the next version of a plan, or the first one of a new plan. `POST /v1/admin/plan-versions` */
      create(
        input: AdminPlanVersionsCreateInput,
        options?: CallOptions,
      ): Promise<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
      /** One version of a plan. `GET /v1/admin/plan-versions/:id` */
      get(
        input: AdminPlanVersionsGetInput,
        options?: CallOptions,
      ): Promise<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
      /** All versions of all plans or of one, also drafts and retired ones, newest first. `GET /v1/admin/plan-versions` */
      list(
        input?: AdminPlanVersionsListInput,
        options?: CallOptions,
      ): PagedList<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
      /** Offer a draft to everybody, in place of older versions of the plan. It never changes from then on, and partners keep the version that they have. `POST /v1/admin/plan-versions/:id/publish` */
      publish(
        input: AdminPlanVersionsPublishInput,
        options?: CallOptions,
      ): Promise<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
      /** Throw a draft away. `DELETE /v1/admin/plan-versions/:id` */
      remove(input: AdminPlanVersionsRemoveInput, options?: CallOptions): Promise<PlanVersion>;
      /** Offer a version to nobody any more; partners that have it keep it. `POST /v1/admin/plan-versions/:id/retire` */
      retire(
        input: AdminPlanVersionsRetireInput,
        options?: CallOptions,
      ): Promise<{
        readonly name: string;
        readonly description: string;
        readonly interval: 'month' | 'year';
        readonly trial_days: number;
        readonly prices: {
          readonly [key: string]: {
            readonly recurring_amount: number;
            readonly minimum_amount: number;
            readonly charges: readonly {
              readonly metric: string;
              readonly included: number;
              readonly price:
                | {
                    readonly model: 'flat';
                    readonly amount: number;
                  }
                | {
                    readonly model: 'per_unit';
                    readonly unit_amount: string;
                  }
                | {
                    readonly model: 'graduated';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'volume';
                    readonly tiers: readonly {
                      readonly up_to: number | null;
                      readonly unit_amount: string;
                      readonly flat_amount: number;
                    }[];
                  }
                | {
                    readonly model: 'package';
                    readonly size: number;
                    readonly amount: number;
                  };
            }[];
          };
        };
        readonly limits: {
          readonly burst_per_minute: number;
          readonly daily: number;
        };
        readonly features: readonly string[];
        readonly object: 'plan_version';
        readonly id: string;
        readonly plan: string;
        readonly version: number;
        readonly status: 'draft' | 'published' | 'retired';
        readonly published_at: string | null;
      }>;
    };
    platformInvitations: {
      /** Invite a person to GridWorks with a role of the platform. `POST /v1/admin/invitations` */
      create(
        input: AdminPlatformInvitationsCreateInput,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'invitation';
        readonly id: string;
        readonly email: string;
        readonly role:
          | 'owner'
          | 'admin'
          | 'developer'
          | 'billing'
          | 'support'
          | 'viewer'
          | 'custom'
          | 'platform_admin'
          | 'platform_sre'
          | 'platform_support'
          | 'platform_auditor';
        readonly custom_role: {
          readonly id: string;
          readonly name: string;
        } | null;
        readonly invited_by: {
          readonly user_id: string;
          readonly email: string;
        };
        readonly created_at: string;
        readonly expires_at: string;
        readonly expired: boolean;
        readonly sent_at: string | null;
      }>;
    };
    platformRoles: {
      /** Give a person of GridWorks another role of the platform, or none: their sessions end. `PATCH /v1/admin/users/:id` */
      change(input: AdminPlatformRolesChangeInput, options?: CallOptions): Promise<User>;
    };
    pools: {
      /** The pools of connections of all instances that respond now. `GET /v1/admin/pools` */
      list(
        input?: Record<string, never>,
        options?: CallOptions,
      ): Promise<{
        readonly object: 'list';
        readonly url: '/v1/admin/pools';
        readonly has_more: boolean;
        readonly data: readonly Pool[];
      }>;
      /** Set the size of a pool of connections, and whether critical requests come first when it runs out; until the instance ends. `PUT /v1/admin/instances/:instance/pool` */
      set(input: AdminPoolsSetInput, options?: CallOptions): Promise<Pool>;
    };
    revenue: {
      /** What is invoiced, received and open, by currency and month, as the ledger has it. `GET /v1/admin/revenue` */
      get(input?: AdminRevenueGetInput, options?: CallOptions): Promise<Revenue>;
    };
    signingKeys: {
      /** Make another key for access tokens: it is published now and signs ten minutes later; the old one is published until its last token has ended. `POST /v1/admin/signing-keys` */
      rotate(input?: Record<string, never>, options?: CallOptions): Promise<SigningKey>;
    };
    tickets: {
      /** List the tickets of all partners. `GET /v1/admin/tickets` */
      listAll(
        input?: AdminTicketsListAllInput,
        options?: CallOptions,
      ): PagedList<{
        readonly object: 'ticket';
        readonly id: string;
        readonly subject: string;
        readonly body: string;
        readonly status: 'open' | 'in_progress' | 'waiting_on_partner' | 'resolved' | 'closed';
        readonly allowed_transitions: readonly (
          | 'open'
          | 'in_progress'
          | 'waiting_on_partner'
          | 'resolved'
          | 'closed'
        )[];
        readonly priority: 'low' | 'normal' | 'high' | 'urgent';
        readonly version: number;
        readonly created_at: string;
        readonly updated_at: string;
        readonly partner_id: string;
      }>;
    };
    transfers: {
      /** Record money that arrived at the bank for an invoice. It may be a part of it, or too much. `POST /v1/admin/invoices/:id/payments` */
      record(input: AdminTransfersRecordInput, options?: CallOptions): Promise<Payment>;
    };
    users: {
      /** Persons that can log in, newest first. `GET /v1/admin/users` */
      list(
        input?: AdminUsersListInput,
        options?: CallOptions,
      ): PagedList<{
        readonly object: 'user';
        readonly id: string;
        readonly email: string;
        readonly email_confirmed_at: string | null;
        readonly platform_role:
          | 'platform_admin'
          | 'platform_sre'
          | 'platform_support'
          | 'platform_auditor'
          | null;
        readonly name: string | null;
        readonly locale: string | null;
        readonly zone: string | null;
        readonly theme: 'light' | 'dark' | 'system' | null;
        readonly created_at: string;
        readonly memberships: readonly {
          readonly partner_id: string;
          readonly partner_name: string;
          readonly role: 'owner' | 'admin' | 'developer' | 'billing' | 'support' | 'viewer' | 'custom';
          readonly custom_role: {
            readonly id: string;
            readonly name: string;
          } | null;
        }[];
        readonly sessions: number;
      }>;
    };
    verdicts: {
      /** Let a suggestion be tried, or reject it. `POST /v1/admin/verdicts/:id/decision` */
      decide(input: AdminVerdictsDecideInput, options?: CallOptions): Promise<Verdict>;
      /** The suggestions of the model, newest first. `GET /v1/admin/verdicts` */
      list(input?: AdminVerdictsListInput, options?: CallOptions): PagedList<Verdict>;
    };
  };
}
