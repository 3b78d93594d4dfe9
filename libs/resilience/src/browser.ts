/** The part that also runs in a browser: no import of Node's. The SDK bundles it. */
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export { CallMerger } from './guard/call-merger.ts';
export { fullJitter } from './healing/backoff.ts';
export { parseRetryAfter } from './healing/retry-after.ts';
