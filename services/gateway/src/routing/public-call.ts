import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownCaller } from '../credentials/principal-cache.ts';
import type { OpenRequest } from '../limits/open-requests.ts';
import type { PublicRoute } from './route-declaration.ts';

/** The state of one request in the gateway. */
export interface PublicCall {
  readonly requestId: string;
  readonly traceparent: string;
  /** Epoch ms. All work for this call stops then. */
  readonly deadlineAt: number;
  /** The network address that counts for the limits when there is no credential. */
  readonly address: string;
  /** Null for an address that does not exist. */
  readonly route: PublicRoute | null;
  caller: KnownCaller | null;
  /**
   * Whether the credential came in a cookie. The browser sends cookies by itself, whichever page caused the
   * call.
   */
  byCookie: boolean;
  /** Whether the call is not metered, since a budget is reached and its route is never stopped. */
  isFree: boolean;
  /** The entry of this call among the open requests; null for a call that is not counted. */
  open: OpenRequest | null;
  /** The bytes of the body, for a route that keeps them. */
  rawBody: Buffer | null;
  /** The checked input of the contract. */
  input: unknown;
  /** Set for a route that takes an `Idempotency-Key`. */
  idempotencyKey: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    call: PublicCall | null;
  }
  interface FastifyContextConfig {
    route?: PublicRoute;
  }
}

export type PublicRequest = FastifyRequest;
export type PublicReply = FastifyReply;
