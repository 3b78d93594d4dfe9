import type { Advice, ErrorSource, FaultKind } from '../kinds/classification.ts';

/**
 * One row of a rule table. Everything named under "match" must agree; a row needs at least one of `codes`, `names`,
 * `status` or `text`. Rows of one code are tried in the order of the table, so the row with a nuance stands above the
 * general one. `transient` and `strategy` come from KIND_POLICY when the row does not say them.
 */
export interface ClassifierRule {
  // match
  readonly codes?: readonly string[];
  readonly names?: readonly string[];
  readonly status?: readonly number[];
  /** On the message without what stands in quotes, JSON and SQL literals (see readProse), lower case. */
  readonly text?: RegExp;
  /** On the message as it came: only where the quoted part itself is the evidence. */
  readonly quoted?: RegExp;
  readonly stack?: RegExp;
  readonly body?: 'html' | 'json' | 'text';
  /** The headers of the answer tell of a used-up allowance or when to come again. */
  readonly limited?: true;
  /** Words so common that a status which says one thing only (404, 401, 413) is believed more. */
  readonly loose?: true;
  /** Narrows the row to these, inside a table for all. */
  readonly dependencies?: readonly ErrorSource[];
  // verdict
  readonly kind: FaultKind;
  readonly transient?: boolean;
  readonly strategy?: Advice;
  readonly confidence?: number;
  readonly why: string;
  /** The code or name only says "something failed underneath": text, status and causes are asked first. */
  readonly vague?: true;
  readonly example: string;
  /** Where the row comes from when it is not the source of the table. */
  readonly source?: string;
}

export interface RuleTable {
  readonly name: string;
  /** Whose errors the rows speak about; `any`: what the runtime or several clients throw. */
  readonly dependency: ErrorSource | 'any';
  readonly source: string;
  /** All rows are loose. */
  readonly loose?: true;
  readonly rules: readonly ClassifierRule[];
}
