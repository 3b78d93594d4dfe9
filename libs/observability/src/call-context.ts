import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The verified caller. The same shape as the principal of the contracts, which this library may not import.
 */
export interface CallPrincipal {
  readonly kind: 'api_key' | 'session' | 'anonymous' | 'system';
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
  /** The `Idempotency-Key` of the next request, where its contract takes one. */
  readonly idempotencyKey?: string | undefined;
  /** In a handler of a call with a key: its one transaction keeps the response under the key. */
  readonly keyed?: KeyedCall | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the current call, or undefined outside of any call. */
export function currentContext(): CallContext | undefined {
  return storage.getStore();
}

/** Runs `fn` and everything it awaits or starts within `context`. */
export function runInContext<T>(context: CallContext, fn: () => T): T {
  return storage.run(context, fn);
}
