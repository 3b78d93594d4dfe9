export type { BreakerStats, CallerOptions, CallOptions, ClientStats } from './caller.ts';
export { type ClientCredentialsOptions, clientCredentials } from './client-credentials.ts';
export { parseEvents, type StreamEvent, type StreamOptions } from './event-stream.ts';
export type * from './generated/operations.ts';
export { OPERATIONS } from './generated/operations.ts';
export type { Operation } from './operation.ts';
export { type Page, PagedList } from './pages.ts';
export { type Health, Portal } from './portal.ts';
export {
  ApiError,
  ConnectionError,
  InvalidResponseError,
  NotSentError,
  PortalError,
  type PortalErrorDetails,
  type SecondFactorDemand,
} from './portal-error.ts';
export type { LimiterStats } from './sliding-limiter.ts';
