import type { Policy } from './allowance.ts';
import { renderPolicies } from './rate-limit-headers.ts';

/** The kind of caller that is counted, and its policies. */
export class Quota {
  /** The value of the header `RateLimit-Policy`. */
  readonly header: string;
  constructor(
    /** Part of the key of the count: `partner`, `key`, `address`. */
    readonly scope: string,
    readonly policies: readonly Policy[],
    /** How long a call waits for a lease before this gateway counts alone, in ms; default: as the limiter says. */
    readonly waitMs?: number,
  ) {
    this.header = renderPolicies(policies);
  }
}
