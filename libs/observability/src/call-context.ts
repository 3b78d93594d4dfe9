import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The verified caller. The same shape as the principal of the contracts, which this library may not import.
 */
export interface CallPrincipal {
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
  readonly permissions?: string[] | undefined;
  readonly mode: 'live' | 'test' | null;
  /** The person of GridWorks who acts in the name of the partner. */
  readonly impersonator?: string | undefined;
  readonly access?: 'read' | 'write' | undefined;
  /** The connection of single sign-on that began the session. */
  readonly sso_connection_id?: string | undefined;
}

/** A call with an idempotency key: however often it is made, it has one effect and one response. */
export interface KeyedCall {
  /**
   * The owner of the key and the request it is for: `par_… rpc.support.ticket.open`. The same key in another
   * scope is another key.
   */
  readonly scope: string;
  readonly key: string;
  /** All parts of the request that decide about its effect, as plain JSON. */
  readonly request: unknown;
  /** The response that is kept under the key, as JSON; set by the code that keeps it. */
  kept: string | undefined;
}

/** Where a call came from, as far as the audit log keeps it. */
export interface CallOrigin {
  /** The coarse network of the caller: 198.51.100.0/24. */
  readonly network: string | undefined;
  readonly userAgent: string | undefined;
}

/** What a handler adds to the audit entry of its call. */
export interface ActNote {
  /** The partner whose act it is, where that is not the caller's. */
  partner_id?: string | null;
  /** The person who acts, where the caller has no credential yet. */
  actor_id?: string;
  /** The id of the object, where neither input nor output has it. */
  object_id?: string;
  /** The state before the act, without secrets. */
  before?: Readonly<Record<string, unknown>>;
  /** Further members of the state after the act, without secrets. */
  after?: Readonly<Record<string, unknown>>;
  /** The call had no effect, since an earlier one had it: there is no entry. */
  isRepeat?: boolean;
}

/** The audit entry that a call is about to leave. */
export interface PendingAct {
  /** Of the event: the same however often the entry is emitted, so that it is appended once. */
  readonly id: string;
  readonly note: ActNote;
  /** The entry was stored with the effect of the call, or there is none to store. */
  isRecorded: boolean;
  /** The entry's event and payload, from what the call's transaction, or its handler, returned. */
  describe(result: unknown): { readonly contract: unknown; readonly payload: unknown };
}

/**
 * The context that follows one call through all awaits of a process, and from process to process in headers.
 */
export interface CallContext {
  readonly requestId: string;
  /** W3C `traceparent` of the span that is running, or of the caller's. */
  readonly traceparent: string | undefined;
  /** The caller stops waiting for a response at this moment; epoch milliseconds by this machine's clock. */
  readonly deadlineAt: number | undefined;
  readonly principal: CallPrincipal | undefined;
  /** Of the request that is being handled, by its contract; undefined for the service's own work. */
  readonly criticality?: 'critical' | 'normal' | undefined;
  /** The only partner whose rows the call sees and changes; undefined: every partner's. */
  readonly tenant?: string | undefined;
  /** The `Idempotency-Key` of the next request, where its contract takes one. */
  readonly idempotencyKey?: string | undefined;
  /** In a handler of a call with a key: its one transaction keeps the response under the key. */
  readonly keyed?: KeyedCall | undefined;
  /** Of a call whose contract declares an audit entry. */
  readonly origin?: CallOrigin | undefined;
  /** In a handler of such a call: its first transaction stores the entry. */
  readonly act?: PendingAct | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the current call, or undefined outside of any call. */
export function currentContext(): CallContext | undefined {
  return storage.getStore();
}

/** Adds to the audit entry of the current call; without effect in a call that leaves none. */
export function noteAct(note: ActNote): void {
  const act = storage.getStore()?.act;
  if (act) Object.assign(act.note, note);
}

/** Runs the part of a call that comes before its act: transactions in it do not store the audit entry. */
export function beforeAct<T>(fn: () => T): T {
  const context = storage.getStore();
  return context?.act ? storage.run({ ...context, act: undefined }, fn) : fn();
}

/** Runs `fn` and everything it awaits or starts within `context`. */
export function runInContext<T>(context: CallContext, fn: () => T): T {
  return storage.run(context, fn);
}
