import { AsyncLocalStorage } from 'node:async_hooks';

/** Who is calling. The same shape as the principal of the contracts, which this library may not import. */
export interface CallPrincipal {
  readonly kind: 'api_key' | 'session' | 'anonymous' | 'system';
  readonly id: string;
  readonly partner_id: string | null;
  readonly user_id: string | null;
  readonly role: 'owner' | 'member' | 'admin' | 'none';
  readonly mode: 'live' | 'test' | null;
}

/** A call under an idempotency key: however often it is made, it has one effect and one answer. */
export interface KeyedCall {
  /** Whose key it is and for what: `par_… rpc.support.ticket.open`. The same key in another scope is another key. */
  readonly scope: string;
  readonly key: string;
  /** All of the request that decides about its effect, as plain JSON. */
  readonly request: unknown;
  /** The answer that is kept under the key, as JSON; set by whoever keeps it. */
  kept: string | undefined;
}

/** What follows one call through all awaits of a process, and from process to process in headers. */
export interface CallContext {
  readonly requestId: string;
  /** W3C `traceparent` of the span that is running, or of the caller's. */
  readonly traceparent: string | undefined;
  /** Nobody waits for an answer after this moment; epoch milliseconds by this machine's clock. */
  readonly deadlineAt: number | undefined;
  readonly principal: CallPrincipal | undefined;
  /** The `Idempotency-Key` that the next request is to carry, where its contract takes one. */
  readonly idempotencyKey?: string | undefined;
  /** In a handler: that the call came with a key. Its one transaction keeps the answer under it. */
  readonly keyed?: KeyedCall | undefined;
}

const storage = new AsyncLocalStorage<CallContext>();

/** The context of the call that is running, or undefined outside of any. */
export function currentContext(): CallContext | undefined {
  return storage.getStore();
}

/** Runs `fn` and everything it awaits or starts within `context`. */
export function runInContext<T>(context: CallContext, fn: () => T): T {
  return storage.run(context, fn);
}
