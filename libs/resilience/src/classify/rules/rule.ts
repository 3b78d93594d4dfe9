import type { Advice, ErrorSource, FaultKind } from '../kinds/classification.ts';

/**
 * One row of a rule table. Everything named under "match" must match; a row needs at least one of `codes`,
 * `names`, `status` or `text`. Rows of one code are tried in the order of the table, so a specific row comes
 * before the general one. `transient` and `strategy` come from KIND_POLICY unless the row sets them.
 */
export interface ClassifierRule {
  // match
  readonly codes?: readonly string[];
  readonly names?: readonly string[];
  readonly status?: readonly number[];
  /**
   * Matched against the message without text in quotes, JSON and SQL literals (see readProse), lower case.
   */
  readonly text?: RegExp;
  /** Matched against the original message: only where the quoted part itself is the evidence. */
  readonly quoted?: RegExp;
  readonly stack?: RegExp;
  readonly body?: 'html' | 'json' | 'text';
  /** The headers of the response report a used-up allowance or when to retry. */
  readonly limited?: true;
  /** Words so common that a status with one meaning (404, 401, 413) has priority. */
  readonly loose?: true;
  /** Narrows the row to these dependencies, inside a table for all. */
  readonly dependencies?: readonly ErrorSource[];
  // verdict
  readonly kind: FaultKind;
  readonly transient?: boolean;
  readonly strategy?: Advice;
  readonly confidence?: number;
  readonly why: string;
  /** The code or name only says that something failed underneath: text, status and causes have priority. */
  readonly vague?: true;
  readonly example: string;
  /** The source of the row when it is not the source of the table. */
  readonly source?: string;
}

export interface RuleTable {
  readonly name: string;
  /** The dependency whose errors the rows describe; `any`: errors of the runtime or of several clients. */
  readonly dependency: ErrorSource | 'any';
  readonly source: string;
  /** All rows are loose. */
  readonly loose?: true;
  readonly rules: readonly ClassifierRule[];
}
