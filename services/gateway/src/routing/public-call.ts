import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownCaller } from '../credentials/principal-cache.ts';
import type { OpenRequest } from '../limits/open-requests.ts';
import type { PublicRoute } from './route-declaration.ts';

/** What the door knows of one request. */
export interface PublicCall {
  readonly requestId: string;
  readonly traceparent: string;
  /** Epoch ms. Whoever works for this call stops then. */
  readonly deadlineAt: number;
  /** The network address that is counted when there is no credential. */
  readonly address: string;
  /** Null for an address that does not exist. */
  readonly route: PublicRoute | null;
  caller: KnownCaller | null;
  /** Whether the credential came in a cookie: the browser sends that by itself, for whatever page made it call. */
  byCookie: boolean;
  /** Counts it among the open requests; null for what is not counted. */
  open: OpenRequest | null;
  /** The checked input of the contract. */
  input: unknown;
  /** Of a route that takes one. */
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
