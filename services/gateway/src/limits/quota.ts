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
  ) {
    this.header = renderPolicies(policies);
  }
}
